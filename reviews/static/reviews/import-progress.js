// The page of a plan that is being read, brought in or undone: looks again every few seconds, and says how far it is.
(function () {
  "use strict";
  var SECONDS = 3;

  function look() {
    fetch(window.location.href, { headers: { "X-Requested-With": "fetch" } })
      .then(function (response) {
        return response.text();
      })
      .then(function (text) {
        var before = document.getElementById("import-progress");
        var after = new DOMParser().parseFromString(text, "text/html").getElementById("import-progress");
        if (!after || after.dataset.state !== before.dataset.state) {
          window.location.reload();
          return;
        }
        // Only what changed is put in, so that a screen reader speaks of that alone, and no place on the page is lost.
        var said = before.querySelector("[role=status]");
        var says = after.querySelector("[role=status]");
        if (said.textContent !== says.textContent) {
          said.textContent = says.textContent;
        }
        var bar = before.querySelector("progress");
        var now = after.querySelector("progress");
        if (bar && now) {
          bar.value = now.value;
        } else if (now) {
          before.appendChild(now.closest("p"));
        }
        window.setTimeout(look, SECONDS * 1000);
      })
      .catch(function () {
        window.setTimeout(look, SECONDS * 3000);
      });
  }

  document.addEventListener("DOMContentLoaded", function () {
    if (document.getElementById("import-progress")) {
      window.setTimeout(look, SECONDS * 1000);
    }
  });
})();
