/*
 * Comforts of the queue; every page works without them. Keys as people know
 * them from mail, and news without a reload: what is on the screen is asked for
 * again when something changed, never what somebody is typing in.
 */
"use strict";

(function () {
	const body = document.body;
	const kind = body.dataset.kind;
	const live = document.getElementById("live");
	let newest = Number(body.dataset.newest);
	let well = !document.querySelector("#alarm p");

	/* What was done is said once. */
	if (/[?&]done=/.test(location.search))
		history.replaceState(null, "", location.pathname +
			location.search.replace(/[?&]done=\w*/, "")
				.replace(/^&/, "?") + location.hash);

	function rows() {
		return Array.from(document.querySelectorAll("tr[data-case]"));
	}

	function current() {
		return rows().findIndex((r) => r.classList.contains("here"));
	}

	function go(to) {
		const all = rows();

		if (all.length === 0)
			return;
		to = Math.max(0, Math.min(all.length - 1, to));
		all.forEach((r) => r.classList.remove("here"));
		all[to].classList.add("here");
		all[to].querySelector("a").focus({ preventScroll: true });
		all[to].scrollIntoView({ block: "nearest" });
	}

	function opened() {
		const row = rows()[current()];

		return row ? row.querySelector("a") : null;
	}

	/* ---- keys ------------------------------------------------------- */

	const help = {
		list: [["j, k", "next case, case before"], ["Enter", "open it"],
			["x", "select it"], ["e", "close the selected, or it"],
			["a", "assign the selected, or it"], ["/", "search"],
			["?", "these keys"]],
		case: [["a", "answer"], ["e", "close without an answer"],
			["n", "next case"], ["u", "back to the list"],
			["j, k", "next mail, mail before"], ["/", "search"],
			["Ctrl Enter", "send, in the answer"],
			["?", "these keys"]],
		plain: [["/", "search"], ["?", "these keys"]]
	};

	function showHelp() {
		let box = document.getElementById("keys");
		const list = document.createElement("dl");
		const close = document.createElement("button");

		if (box) {
			box.remove();
			return;
		}
		box = document.createElement("dialog");
		box.id = "keys";
		box.setAttribute("aria-label", "Keys");
		for (const [key, what] of help[kind]) {
			const dt = document.createElement("dt");
			const dd = document.createElement("dd");

			dt.textContent = key;
			dd.textContent = what;
			list.append(dt, dd);
		}
		close.textContent = "Close";
		close.addEventListener("click", () => box.remove());
		box.addEventListener("close", () => box.remove());
		box.append(list, close);
		body.append(box);
		box.showModal();
	}

	function bulk(what) {
		const form = document.getElementById("bulk");
		const all = rows();

		if (!form)
			return;
		if (!form.querySelector("input[name=id]:checked")) {
			if (current() < 0)
				return;
			all[current()].querySelector("input").checked = true;
		}
		form.querySelector(`button[value=${what}]`).click();
	}

	function mails(step) {
		const all = Array.from(document.querySelectorAll("article"));
		const top = all.findIndex(
			(m) => m.getBoundingClientRect().top > 8);
		const at = step > 0 ? (all[top] &&
			all[top].getBoundingClientRect().top < 60 ? top + 1
			: top) : (top < 0 ? all.length : top) - 1;

		if (all[at])
			all[at].scrollIntoView({ block: "start" });
	}

	const keys = {
		list: {
			j: () => go(current() + 1),
			k: () => go(current() - 1),
			x: () => {
				const row = rows()[current()];

				if (row)
					row.querySelector("input").click();
			},
			Enter: () => opened() && opened().click(),
			e: () => bulk("close"),
			a: () => bulk("assign")
		},
		case: {
			j: () => mails(1),
			k: () => mails(-1),
			n: () => document.getElementById("next").click(),
			u: () => location.assign("/cases"),
			a: () => {
				const text = document.getElementById("text");

				if (text)
					text.focus();
			},
			e: () => {
				const b = document.querySelector(
					"form.close button");

				if (b)
					b.click();
			}
		},
		plain: {}
	};

	document.addEventListener("keydown", (ev) => {
		const at = ev.target;
		const typing = at.matches &&
			at.matches("input:not([type=checkbox]), textarea, select");

		if (ev.key === "Enter" && (ev.ctrlKey || ev.metaKey) &&
		    at.id === "text") {
			ev.preventDefault();
			at.form.requestSubmit();
			return;
		}
		if (ev.key === "Escape" && typing)
			at.blur();
		if (typing || ev.ctrlKey || ev.metaKey || ev.altKey)
			return;
		if (document.querySelector("dialog[open]") && ev.key !== "?")
			return;
		if (ev.key === "Enter" && at.matches("a, button, summary"))
			return;
		if (ev.key === "?") {
			showHelp();
		} else if (ev.key === "/" && document.getElementById("q")) {
			document.getElementById("q").focus();
		} else if (keys[kind] && keys[kind][ev.key]) {
			keys[kind][ev.key]();
		} else {
			return;
		}
		ev.preventDefault();
	});

	/* An answer or a note half written is not lost by a slip. */
	const boxes = Array.from(document.querySelectorAll("#text, #note"));
	let sending = null;

	addEventListener("submit", (ev) => { sending = ev.target; });
	addEventListener("beforeunload", (ev) => {
		if (boxes.some((box) => box.form !== sending &&
		    box.value !== box.defaultValue))
			ev.preventDefault();
	});

	/* ---- news ------------------------------------------------------- */

	function counts(now) {
		for (const n of document.querySelectorAll("[data-n]")) {
			if (now[n.dataset.n] !== undefined)
				n.textContent = now[n.dataset.n];
		}
		document.title = document.title.replace(/^\(\d+\) /, "");
		if (now.review > 0)
			document.title = `(${now.review}) ` + document.title;
	}

	/* What was refused stands at the address of its form. */
	const here = kind === "case" ? "/cases/" + body.dataset.case
		: location.href;

	function tell(words) {
		const link = document.createElement("a");

		link.href = here;
		link.textContent = words;
		live.classList.add("shown");
		live.replaceChildren(link);
	}

	async function fresh() {
		const answer = await fetch(here);

		if (answer.redirected)
			tell("You are signed out. Sign in");
		if (!answer.ok || answer.redirected)
			return null;
		return new DOMParser().parseFromString(await answer.text(),
			"text/html");
	}

	async function refreshList() {
		const page = await fresh();

		if (page)
			refreshAlarm(page);
		const here = rows()[current()];
		const open = here ? here.dataset.case : null;
		/* Chosen as it stood: one that has moved, or that somebody has
		 * written in, is to be chosen anew. */
		const as = (row) => row.dataset.case + " " +
			row.dataset.updated;
		const chosen = rows().filter((row) =>
			row.querySelector("input").checked).map(as);

		if (!page || document.activeElement.matches("select, input"))
			return;
		const at = document.activeElement.closest("tr[data-case]");

		document.getElementById("main").replaceWith(
			page.getElementById("main"));
		for (const row of rows()) {
			/* Who goes by the keyboard stays where he is. */
			if (at && row.dataset.case === at.dataset.case)
				row.querySelector("a").focus({
					preventScroll: true });
			const pick = row.querySelector("input");

			pick.checked = chosen.includes(as(row));
			if (row.dataset.case === open)
				row.classList.add("here");
		}
		live.textContent = "The list is up to date.";
	}

	/* On a case page only what is new is told: somebody reads and types. */
	async function refreshCase() {
		const page = await fresh();

		if (!page)
			return;
		refreshAlarm(page);
		const known = document.querySelectorAll(".trail tbody tr");
		const now = page.querySelectorAll(".trail tbody tr");

		if (now.length <= known.length)
			return;
		tell("Something new happened in this case. Show it");
	}

	/* What changed elsewhere than in the part that somebody works in. */
	function refreshAlarm(page) {
		const now = page.getElementById("alarm");

		if (now)
			document.getElementById("alarm").replaceWith(now);
	}

	async function heard(now) {
		const changed = now.newest !== newest || now.well !== well;

		newest = now.newest;
		well = now.well;
		counts(now);
		if (!changed)
			return;
		try {
			if (kind === "list")
				await refreshList();
			else if (kind === "case")
				await refreshCase();
		} catch (e) {
			/* The daemon restarts: the stream will tell. */
		}
	}

	/* One tab of a browser listens and tells the others: a browser opens
	 * only a few connections to one place. */
	const others = new BroadcastChannel("desk");

	function listen() {
		const source = new EventSource("/live");

		source.onmessage = (ev) => {
			const now = JSON.parse(ev.data);

			others.postMessage(now);
			heard(now);
		};
		source.onerror = () => {
			/* Refused, not merely cut: the page says why. */
			if (source.readyState !== EventSource.CLOSED)
				return;
			fresh().catch(() => {});
			setTimeout(listen, 30000);
		};
		return new Promise(() => {});
	}

	if (document.querySelector("header.top")) {
		others.onmessage = (ev) => heard(ev.data);
		if (navigator.locks)
			navigator.locks.request("desk", listen);
		else
			listen();
	}
}());
