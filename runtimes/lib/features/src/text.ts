// Each pattern is linear in the text, which comes from strangers and may have 65,536 characters.

const countOf =
  (pattern: RegExp) =>
  (text: string): number => {
    let count = 0;
    pattern.lastIndex = 0;
    while (pattern.test(text)) count++;
    return count;
  };

/** Runs of letters and digits. A script that is written without spaces counts one word for each run. */
export const wordsOf = countOf(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu);

export const lettersOf = countOf(/\p{L}/gu);

export const questionsOf = countOf(/[?？؟]/gu);

export const exclamationsOf = countOf(/[!！]/gu);

/** As people see them: a family or a flag is one. */
export const emojisOf = countOf(/\p{RGI_Emoji}/gv);

/** `@name`, `@name.example` and `@name@host` each count one; an e-mail address counts none. */
export const mentionsOf = countOf(/(?<![\p{L}\p{N}_.@])@[\p{L}\p{N}_]+(?:[.@-][\p{L}\p{N}_]+)*/gu);

/** `#` and a word that is not all digits, not in the middle of another word. */
export const hashtagsOf = countOf(/(?<![\p{L}\p{N}_&#＃])[#＃]\p{N}*[\p{L}_][\p{L}\p{N}_]*/gu);

export const linksOf = countOf(/(?<![\p{L}\p{N}])(?:https?:\/\/|www\.)[^\s]/giu);

/** Code points. */
export const charactersOf = (text: string): number => {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) count++;
  }
  return count;
};

const capitalsOf = countOf(/\p{Lu}/gu);

/** Share of the letters that are capital; 0 where there is no letter. */
export const uppercaseOf = (text: string): number => {
  const letters = lettersOf(text);
  return letters === 0 ? 0 : capitalsOf(text) / letters;
};
