// What fits the letters that are typed is offered by the browser's own list, which keyboards and screen readers know.
// Without this the page itself answers with what fits, when it is sent.
const PAUSE = 250;

document.addEventListener("DOMContentLoaded", () => {
  for (const input of document.querySelectorAll("input[data-finds]")) finds(input);
});

function finds(input) {
  const list = document.getElementById(input.getAttribute("list"));
  let timer = 0;
  let asked = "";

  async function ask() {
    const words = input.value.trim();
    if (words.length < 2 || words === asked) return;
    asked = words;
    const address = new URL(window.location.href);
    address.search = new URLSearchParams({ finds: input.dataset.finds, words });
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || asked !== words) return;
    const told = await answer.json();
    list.replaceChildren(
      ...told.fit.map((fit) => {
        const option = document.createElement("option");
        option.value = fit;
        return option;
      }),
    );
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
}
