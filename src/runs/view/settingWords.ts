import { speak, type Speaker, type Words } from '../../base/words';
import { mentionedOption } from '../../options/table';

/** The editor's words: an option is a setting, or what its question is about; what helps has a button. */
const editor: Speaker = {
  offers: (offer) => {
    if (offer === 'flags') return false;
    if ('action' in offer) return true;
    const { option } = mentionedOption(offer.option);
    return option.settings !== undefined || option.question !== undefined;
  },
  name({ option: key, value, form }, isFirst) {
    const { option } = mentionedOption(key);
    const [setting] = option.settings ?? [];
    const [, part] = key.split('.');
    const whole = setting === undefined ? option.title : `the setting ristretto.${setting.name}`;
    const name = part === undefined ? whole : `${part} of ${whole}`;
    // Where several values go is said once.
    if (value !== undefined) return isFirst ? `"${value}" in ${name}` : `"${value}"`;
    return form === undefined ? name : `in ${name}`;
  },
};

/** A text that names options by their settings: `"test" in the setting ristretto.calibration`. */
export function inSettings(said: Words): string {
  return speak(said, editor);
}
