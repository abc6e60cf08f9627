/**
 * A text for users that may mention options. What an option is called depends on who speaks: the command
 * line has flags, the editor settings and buttons. So a text carries the option and its value, and who
 * shows it puts in the name. Plain data, which survives JSON and the way between processes.
 */
export type Words = string | readonly Part[];

export type Part = string | Mention | Choice;

/** An option, by its key in the table of options: `caffeRoot`, or a part of one, `images.cropSize`. */
export interface Mention {
  readonly kind: 'option';
  readonly option: string;
  /** What it is, or should be, set to. */
  readonly value?: string;
  /** What stands for a value that the user is to think of. */
  readonly placeholder?: string;
  /** How a text speaks of it: `with the flag`, `in the setting ristretto.caffeRoot`. */
  readonly form?: 'with';
}

/** What a front end may have: an option, an action (a button), or flags. */
export type Offer = { readonly option: string } | { readonly action: string } | 'flags';

/** Words for front ends that have something to offer, and other words for those that do not. */
export interface Choice {
  readonly kind: 'choice';
  readonly offered: Offer;
  readonly then: Words;
  readonly otherwise: Words;
}

/** How a front end calls things. */
export interface Speaker {
  offers(offer: Offer): boolean;
  /** @param isFirst whether the text has not mentioned this option before */
  name(mention: Mention, isFirst: boolean): string;
}

/** Puts words together: words`"${name}" is no output; ${option('scoreBlob', other)} is one`. */
export function words(texts: TemplateStringsArray, ...values: readonly (Words | Part)[]): Words {
  return joined(texts.flatMap((text, i) => [text, values[i] ?? '']));
}

/** Words one after the other. */
export function joined(all: readonly (Words | Part)[], separator = ''): Words {
  const parts: Part[] = [];
  for (const [i, one] of all.entries()) {
    if (i > 0) parts.push(separator);
    if (typeof one === 'string' || 'kind' in one) parts.push(one);
    else parts.push(...one);
  }
  return parts.every((part) => typeof part === 'string')
    ? parts.join('')
    : parts.filter((part) => part !== '');
}

/** An option, and the value that it has or should have. */
export function option(key: string, value?: string | number): Mention {
  return value === undefined
    ? { kind: 'option', option: key }
    : { kind: 'option', option: key, value: String(value) };
}

/** An option with a value that the user is to think of, such as BLOB. */
export function anyOf(key: string, placeholder: string): Mention {
  return { kind: 'option', option: key, placeholder };
}

/** An option as the means to something. */
export function withOption(key: string): Mention {
  return { kind: 'option', option: key, form: 'with' };
}

export function ifOffered(offered: Offer, then: Words, otherwise: Words = ''): Choice {
  return { kind: 'choice', offered, then, otherwise };
}

/** What is said only where options are flags, such as which of them a complaint is about. */
export function inFlags(said: Words): Choice {
  return ifOffered('flags', said);
}

/** The flag, before a complaint about what it says; nothing where there are no flags. */
export function about(key: string): Choice {
  return inFlags([option(key), ': ']);
}

/** The text as a front end shows it. */
export function speak(said: Words, speaker: Speaker): string {
  const mentioned = new Set<string>();
  const text = (all: Words): string =>
    typeof all === 'string' ? all : all.map((part) => textOf(part)).join('');
  const textOf = (part: Part): string => {
    if (typeof part === 'string') return part;
    if (part.kind === 'choice') {
      return text(speaker.offers(part.offered) ? part.then : part.otherwise);
    }
    const isFirst = !mentioned.has(part.option);
    mentioned.add(part.option);
    return speaker.name(part, isFirst);
  };
  return text(said);
}

/** Names every option by its key: for logs, and for errors that reach nobody but a programmer. */
const nobody: Speaker = {
  offers: (offer) => typeof offer !== 'string' && 'option' in offer,
  name: ({ option: key, value, placeholder = value, form }) =>
    `${form === undefined ? '' : `${form} `}${key}${placeholder === undefined ? '' : `=${placeholder}`}`,
};

/** The text without any front end's words. */
export function plain(said: Words): string {
  return speak(said, nobody);
}
