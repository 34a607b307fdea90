// The two things that a page cannot do alone: show what is new, and put text on the clipboard.
"use strict";

const INTERVAL = 2000;
const say = (text) => { document.getElementById("status").textContent = text; };

// Copy: the button is shown only where a script can do it.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const answer = await fetch(button.dataset.copy);
      if (!answer.ok) throw new Error(String(answer.status));
      await navigator.clipboard.writeText(await answer.text());
      say("Copied.");
    } catch {
      say("Not copied: open it instead.");
    }
  });
}

// Live: rows that changed are replaced, new ones are added on top, and the focus stays where it is.
const live = document.getElementById("live");
if (live?.dataset.live) {
  let paused = false;
  const button = document.createElement("button");
  button.type = "button";
  const name = () => { button.textContent = paused ? "Go on updating" : "Stop updating"; };
  button.addEventListener("click", () => { paused = !paused; name(); });
  name();
  live.prepend(button);

  const update = async () => {
    const answer = await fetch(live.dataset.live);
    if (answer.status === 401) throw new Error("Log in again to see what is new.");
    if (!answer.ok) throw new Error("What is new cannot be read.");
    const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
    const overview = document.getElementById("overview");
    const newest = parts.getElementById("overview");
    if (!overview.contains(document.activeElement) && overview.innerHTML !== newest.innerHTML) {
      overview.innerHTML = newest.innerHTML;
    }
    const rows = document.getElementById("rows");
    const old = new Map(Array.from(rows.children, (row) => [row.dataset.seq, row]));
    const fresh = Array.from(parts.getElementById("rows").children, (row) => {
      const before = old.get(row.dataset.seq);
      const same = before && (before.innerHTML === row.innerHTML || before.contains(document.activeElement));
      if (!before) row.classList.add("fresh");
      return same ? before : document.adoptNode(row);
    });
    const added = fresh.filter((row) => !old.has(row.dataset.seq)).length;
    // A row that has the focus is not moved in the tree, which would take the focus from it.
    const kept = new Set(fresh);
    for (const row of old.values()) if (!kept.has(row)) row.remove();
    fresh.forEach((row, place) => {
      if (rows.children[place] !== row) rows.insertBefore(row, rows.children[place] ?? null);
    });
    if (fresh.length) document.getElementById("none")?.remove();
    if (added) say(added === 1 ? "1 new delivery." : `${added} new deliveries.`);
    else if (document.getElementById("status").dataset.failed) say("");
    delete document.getElementById("status").dataset.failed;
  };

  const again = async () => {
    if (!paused && !document.hidden) {
      try { await update(); } catch (error) {
        say(error instanceof TypeError ? "The process does not answer." : error.message);
        document.getElementById("status").dataset.failed = "yes";
      }
    }
    setTimeout(again, INTERVAL);
  };
  setTimeout(again, INTERVAL);
}
