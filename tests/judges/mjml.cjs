// The official MJML over many sources in one go: {name: source} comes in, {name: {errors, html}} goes out.
// Strict validation throws at the first document that has any error, with all of them; then there is no HTML.
const mjml2html = require("mjml");

const sources = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const judged = {};
for (const [name, source] of Object.entries(sources)) {
  try {
    const { html } = mjml2html(source, { validationLevel: "strict", fonts: {} });
    judged[name] = { errors: [], html };
  } catch (error) {
    judged[name] = { errors: (error.errors ?? [error]).map((one) => one.formattedMessage ?? String(one)), html: "" };
  }
}
process.stdout.write(JSON.stringify(judged));
