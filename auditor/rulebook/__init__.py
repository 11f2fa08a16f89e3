"""What a standard asks: rules, vocabulary, views, events and profiles, loaded strictly."""
