// List what acts on a page and is not the page's own: elements, handlers, addresses that are code.
() => {
  const kinds = "iframe object embed base form style link meta template svg math video audio";
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const own = element.closest(".plot, head, #js-plotly-tester");
    if (!own && kinds.split(" ").includes(name)) found.push(name);
    const data = element.type === "application/json" || element.parentElement === document.body;
    if (name === "script" && !data) found.push(name);
    for (const { name, value } of element.attributes) {
      const code = /^[\s\x00-\x20]*(javascript|vbscript|data:text)/i.test(value);
      if (/^on/i.test(name) || (code && /(href|src|action)$/i.test(name))) found.push(`${name}=${value}`);
    }
  }
  return found;
}
