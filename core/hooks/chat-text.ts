/** Text that people wrote, for messages in a chat: nobody is called by it, it leads nowhere, and it looks like text. */

const maxCharacters = 200;
/** Invisible, and no part of a word: what it stands in is no mention and no address any more. */
const joiner = '\u2060';

/** https://api.slack.com/reference/surfaces/formatting: three characters are escaped, and with them go mentions and links of Slack's own form. */
export function slackText(text: string): string {
  return broken(shortened(text)).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** https://discord.com/developers/docs/reference#message-formatting */
export function discordText(text: string): string {
  return broken(shortened(text)).replaceAll(/[\\`*_~|<>[\]()#:-]/g, String.raw`\$&`);
}

/** One line without characters that turn or hide what comes after them. */
function shortened(text: string): string {
  const line = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= maxCharacters ? line : `${characters.slice(0, maxCharacters - 1).join('')}…`;
}

/** `@everyone`, `https://…` and `example.com` stay readable and are no mention and no link. */
function broken(text: string): string {
  return text
    .replaceAll('@', `@${joiner}`)
    .replaceAll('://', `:${joiner}//`)
    .replaceAll(/\.(?=[\p{L}\p{N}])/gu, `.${joiner}`);
}
