// The page of a plan that waits: what was typed about it is saved before the button of a row, or a link to other rows,
// leaves the page. Without this script the button below those questions saves them.
// It listens from before the page is there, so that nothing can be typed or pressed too early; what is typed is seen
// by the form beside a copy of it as it came, whichever sorts of questions it has.
(function () {
  "use strict";

  var saved = null;

  function words(form) {
    return new URLSearchParams(new FormData(form)).toString();
  }

  function asItCame(form) {
    var copy = form.cloneNode(true);
    copy.reset();
    return words(copy);
  }

  // The form about the plan, where something was typed into it that is not saved.
  function typed() {
    var about = document.getElementById("about-plan");
    return about && words(about) !== (saved === null ? asItCame(about) : saved) ? about : null;
  }

  function save(about) {
    var answers = new FormData(about);
    answers.append("save", "save");
    saved = words(about);
    return fetch(about.action, { method: "POST", body: answers, redirect: "manual" }).catch(function () {});
  }

  document.addEventListener("submit", function (event) {
    var about = typed();
    if (!about || event.target === about) {
      return;
    }
    event.preventDefault();
    save(about).then(function () {
      event.target.requestSubmit(event.submitter);
    });
  });
  document.addEventListener("click", function (event) {
    var link = event.target.closest("#content-main a[href^='?']");
    var about = link && typed();
    if (!about) {
      return;
    }
    event.preventDefault();
    save(about).then(function () {
      window.location.assign(link.href);
    });
  });
})();
