// The page of a plan that waits: what was typed about it is saved before the button of a row, or a link to other rows,
// leaves the page. Without this script the button below those questions saves them.
(function () {
  "use strict";

  document.addEventListener("DOMContentLoaded", function () {
    var about = document.getElementById("about-plan");
    if (!about) {
      return;
    }
    var typed = false;

    function save() {
      var answers = new FormData(about);
      answers.append("save", "save");
      typed = false;
      return fetch(about.action, { method: "POST", body: answers, redirect: "manual" }).catch(function () {});
    }

    about.addEventListener("input", function () {
      typed = true;
    });
    document.addEventListener("submit", function (event) {
      if (!typed || event.target === about) {
        return;
      }
      event.preventDefault();
      save().then(function () {
        event.target.requestSubmit(event.submitter);
      });
    });
    document.addEventListener("click", function (event) {
      var link = event.target.closest("#content-main a[href^='?']");
      if (!typed || !link) {
        return;
      }
      event.preventDefault();
      save().then(function () {
        window.location.assign(link.href);
      });
    });
  });
})();
