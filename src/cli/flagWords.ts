import { speak, type Mention, type Speaker, type Words } from '../base/words';
import { mentionedOption } from '../options/table';

/** The command line's words: every option is a flag, and there are no buttons. */
const commandLine: Speaker = {
  offers: (offer) => offer === 'flags' || 'option' in offer,
  name(mention) {
    const flag = flagText(mention);
    return mention.form === undefined ? flag : `${mention.form} ${flag}`;
  },
};

function flagText({ option, value, placeholder = value }: Mention): string {
  const { name, joint = '=' } = mentionedOption(option).flag;
  return placeholder === undefined ? `--${name}` : `--${name}${joint}${placeholder}`;
}

/** A text that names options by their flags: `--score=prob`. */
export function inFlags(said: Words): string {
  return speak(said, commandLine);
}
