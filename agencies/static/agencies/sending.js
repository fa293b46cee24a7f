// Before a form is sent, ask whether whoever opened it is still signed in: otherwise what was typed would be lost with
// the page. One press sends it once. Without this the portal keeps what came and offers it after signing in.
const PATIENCE = 15000;

for (const form of document.querySelectorAll("form[data-opened-by]")) guard(form);

function guard(form) {
  let busy = false;

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    const problem = await problemOf(form);
    if (problem) {
      say(form, problem);
      busy = false;
    } else {
      form.submit();
    }
  });

  // The page can come back as it was left.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) busy = false;
  });
}

async function problemOf(form) {
  let page;
  try {
    const answer = await fetch(window.location.href, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.type === "opaqueredirect") return "You are signed out.";
    if (!answer.ok) return "This page is not open to you any more.";
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return "The portal cannot be reached just now.";
  }
  const anew = page.querySelector("form[data-opened-by]");
  if (anew?.dataset.openedBy !== form.dataset.openedBy) return "Somebody else has signed in here.";
  form.elements.csrfmiddlewaretoken.value = anew.elements.csrfmiddlewaretoken.value;
  return "";
}

function say(form, problem) {
  const place = form.querySelector("[data-said]");
  place.hidden = false;
  place.textContent = `${problem} Nothing is sent, and what you typed is still here.`;
  if (problem.includes("signed")) {
    const link = document.createElement("a");
    link.href = window.location.href;
    link.target = "_blank";
    link.textContent = "Sign in in another window";
    place.append(" ", link, ", come back, and press again.");
  }
  place.focus();
}
