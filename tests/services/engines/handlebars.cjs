// Handlebars over lines of JSON, {"template": …, "context": …, "escape": true}: each is answered by {"rendered": …} or {"error": …}.
"use strict";

const Handlebars = require(process.argv[2]);
const lines = require("readline").createInterface({ input: process.stdin });

lines.on("line", (line) => {
  const { template, context, escape } = JSON.parse(line);
  let answer;
  try {
    answer = { rendered: Handlebars.compile(template, { noEscape: !escape })(context) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
});
