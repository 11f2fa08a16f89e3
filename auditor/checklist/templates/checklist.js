"use strict";
(function () {
  var form = document.getElementById("list");
  var button = document.getElementById("save");
  function keep() {
    var fields = form.querySelectorAll("input, textarea");
    for (var at = 0; at < fields.length; at++) {
      var field = fields[at];
      if (field.type === "radio") {
        if (field.checked) { field.setAttribute("checked", ""); } else { field.removeAttribute("checked"); }
      } else if (field.tagName === "TEXTAREA") {
        field.textContent = field.value;
      } else {
        field.setAttribute("value", field.value);
      }
    }
  }
  function save() {
    keep();
    var text = "<!doctype html>\n" + document.documentElement.outerHTML + "\n";
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/html" }));
    link.download = form.getAttribute("data-file");
    link.click();
    window.setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  button.hidden = false;
  button.addEventListener("click", save);
  var print = document.getElementById("print");
  print.hidden = false;
  print.addEventListener("click", function () { window.print(); });
  var radios = form.querySelectorAll("input[type=radio]");
  var last = {};
  for (var at = 0; at < radios.length; at++) {
    if (radios[at].checked) { last[radios[at].name] = radios[at]; }
    radios[at].addEventListener("click", function () {
      if (last[this.name] === this) { this.checked = false; delete last[this.name]; } else { last[this.name] = this; }
    });
  }
})();
