/// What the documentation pages are styled and searched with.
enum DocsAssets {
    static let style = """
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #0a6; }
        * { box-sizing: border-box; }
        body { margin: 0; font: 16px/1.5 system-ui, sans-serif; display: grid;
          grid-template-columns: 17rem minmax(0, 1fr); }
        nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1rem;
          border-right: 1px solid var(--line); font-size: .9rem; }
        nav label { font-weight: 600; }
        nav input { width: 100%; font: inherit; padding: .4rem; margin-top: .2rem; }
        nav h2 { font-size: .8rem; text-transform: uppercase; margin: 1.2rem 0 .2rem; }
        nav ul { list-style: none; margin: 0; padding: 0; }
        nav a { display: block; padding: .1rem 0; text-decoration: none; color: inherit; }
        nav a:hover, nav a:focus { text-decoration: underline; }
        main { padding: 1rem 2rem 6rem; max-width: 70rem; }
        h1 { margin-top: 0; }
        section > h2 { text-transform: capitalize; border-bottom: 2px solid var(--accent); }
        article { padding: .5rem 0 1rem; border-bottom: 1px solid var(--line); }
        article:target h3 { color: var(--accent); }
        .links a { margin-right: 1rem; }
        .route { background: var(--soft); padding: .4rem .6rem; overflow-x: auto; }
        .route b { display: inline-block; min-width: 4.5rem; }
        .get { color: #07c; } .post { color: #084; } .patch { color: #a60; } .delete { color: #c33; }
        .deprecated code { text-decoration: line-through; }
        table { border-collapse: collapse; width: 100%; font-size: .9rem; margin: .3rem 0; }
        th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
          border-top: 1px solid var(--line); overflow-wrap: anywhere; }
        td:nth-child(2) { overflow-wrap: normal; }
        th { font-weight: 500; white-space: nowrap; }
        code, pre { font: .88em/1.4 ui-monospace, monospace; }
        pre { background: var(--soft); padding: .6rem; overflow-x: auto; }
        summary { cursor: pointer; }
        @media (max-width: 50rem) {
          body { display: block; }
          nav { position: static; height: auto; border: 0; border-bottom: 1px solid var(--line); }
          nav ul, nav h2 { display: none; }
          main { padding: 1rem; }
        }
        @media print { nav { display: none; } body { display: block; } details > * { display: block; } }
        """

    /// Hides every operation and schema that does not have all the words; `/` leads to the search.
    static let search = """
        "use strict";
        const input = document.getElementById("search");
        const nothing = document.getElementById("nothing");
        const articles = [...document.querySelectorAll("article")].map((element) => ({
          element, text: element.textContent.toLowerCase(),
          link: document.querySelector(`nav a[href="#${element.id}"]`),
        }));
        function search() {
          const words = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
          let shown = 0;
          for (const { element, text, link } of articles) {
            const found = words.every((word) => text.includes(word));
            element.hidden = !found;
            if (link) link.parentElement.hidden = !found;
            shown += found;
          }
          for (const section of document.querySelectorAll("section.tag"))
            section.hidden = !section.querySelector("article:not([hidden])");
          nothing.hidden = shown > 0;
        }
        input.addEventListener("input", search);
        document.addEventListener("keydown", (event) => {
          if (event.key === "/" && document.activeElement !== input) {
            event.preventDefault();
            input.focus();
          }
        });
        window.addEventListener("hashchange", () => {
          const target = document.getElementById(location.hash.slice(1));
          if (target && target.hidden) { input.value = ""; search(); target.scrollIntoView(); }
        });
        """
}
