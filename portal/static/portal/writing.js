// A form that is written in keeps itself: the words by time and on leaving a field, files as soon as they are chosen.
// Everything here the form also does without it, when its own buttons are pressed.
const QUIET_SECONDS = 8;

for (const form of document.querySelectorAll("form[data-writing]")) {
  if (form.dataset.save) keepWords(form);
  keepFiles(form);
}

function words(form) {
  const data = new FormData(form);
  data.delete("file");
  return data;
}

function isTouched(form) {
  return [...form.elements].some((field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    return field.matches("textarea, input:not([type=hidden], [type=file])") && field.value !== field.defaultValue;
  });
}

function keepWords(form) {
  const said = form.querySelector("[data-saved]");
  const aloud = form.querySelector("[data-aloud]");
  const text = () => new URLSearchParams([...words(form)].filter(([name]) => name !== "csrfmiddlewaretoken")).toString();
  // What was typed before this script came, or brought back by the browser, is not kept yet.
  let kept = isTouched(form) ? "" : text();
  let timer = 0;
  let closed = false;
  let well = null;
  let under_way = Promise.resolve();

  // The time is for the eye; a screen reader hears of the first save, of a failure, and that it is well again.
  function tell(words, is_well, announced = words) {
    said.textContent = words;
    if (is_well !== well) aloud.textContent = announced;
    well = is_well;
  }

  async function save() {
    clearTimeout(timer);
    const now = text();
    if (closed || now === kept) return;
    try {
      const answer = await fetch(form.dataset.save, { method: "POST", body: words(form), redirect: "error" });
      const told = await answer.json();
      if (answer.ok) kept = now;
      if (answer.ok) tell(`Saved at ${told.saved}`, true, "Your draft is saved. It is saved again as you write.");
      else tell(told.problem, false);
    } catch {
      tell("Not saved: the portal could not be reached. Your words stay on this page.", false);
    }
  }
  const saveInTurn = () => (under_way = under_way.then(save));

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(saveInTurn, QUIET_SECONDS * 1000);
  });
  form.addEventListener("focusout", saveInTurn);
  if (kept === "") timer = setTimeout(saveInTurn, QUIET_SECONDS * 1000);
  form.addEventListener("filekept", () => {
    kept = "";
    saveInTurn();
  });
  form.addEventListener("submit", () => {
    closed = true; // the form itself now carries the words; a save that came after it would be older
    clearTimeout(timer);
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saveInTurn());
  window.addEventListener("pageshow", () => (closed = false));
}

function keepFiles(form) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-waiting]");
  const state = form.querySelector("[data-uploads]");
  if (!input || !list) return;
  let under_way = 0;
  let pressed = null;

  input.addEventListener("change", async () => {
    const files = [...input.files];
    input.value = "";
    under_way += files.length;
    for (const file of files) {
      if (!(await upload(file))) pressed = null; // it stays on this page, which says why
      under_way -= 1;
    }
    if (under_way === 0 && pressed) {
      const button = pressed;
      pressed = null;
      form.requestSubmit(button);
    }
  });

  // Pressed too early: the form goes when its last file has come.
  form.addEventListener("submit", (event) => {
    if (under_way === 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed = event.submitter;
  }, true);

  function upload(file) {
    return new Promise((done) => {
      const line = document.createElement("p");
      const label = document.createElement("span");
      const bar = document.createElement("progress");
      bar.max = 100;
      bar.className = "app-progress";
      bar.setAttribute("aria-label", file.name);
      line.append(label, bar);
      state.append(line);
      const tell = (share) => {
        bar.value = share;
        label.textContent = `${file.name}: ${share} %`;
      };
      const fail = (why) => {
        bar.remove();
        label.textContent = why;
        label.className = "govuk-error-message";
        done(false);
      };
      tell(0);
      const request = new XMLHttpRequest();
      const data = new FormData();
      for (const name of ["csrfmiddlewaretoken", "token"]) data.set(name, form.elements[name].value);
      data.set("file", file);
      request.upload.onprogress = (event) => event.lengthComputable && tell(Math.round((100 * event.loaded) / event.total));
      request.onerror = () => fail(`“${file.name}” did not arrive. Choose it again.`);
      request.onload = () => {
        let told = {};
        try {
          told = JSON.parse(request.responseText);
        } catch {
          // a page instead of an answer: from something in between
        }
        if (!told.pk) return fail(told.problem || `“${file.name}” did not arrive. Choose it again.`);
        line.remove();
        show(told);
        form.dispatchEvent(new Event("filekept"));
        done(true);
      };
      request.open("POST", form.dataset.files);
      request.send(data);
    });
  }

  function show(told) {
    if (list.querySelector(`button[value="${told.pk}"]`)) return;
    const item = document.createElement("li");
    item.className = "app-pieces__item";
    const about = document.createElement("span");
    about.className = "app-pieces__about";
    about.textContent = `${told.size}, ready to send`;
    const button = document.createElement("button");
    button.className = "app-button-link";
    button.name = "remove";
    button.value = told.pk;
    button.textContent = "Remove";
    const which = document.createElement("span");
    which.className = "govuk-visually-hidden";
    which.textContent = ` ${told.name}`;
    button.append(which);
    item.append(`${told.name} `, about, button);
    list.append(item);
    list.hidden = false;
    state.replaceChildren();
    const word = document.createElement("p");
    word.className = "govuk-visually-hidden";
    word.textContent = `${told.name} has arrived.`;
    state.append(word);
  }
}
