/** Tells the names of members that hold secrets: passwords, cards, numbers of banks and offices, in English and German. */

/** Spaces stand where a word may end: `card ?number` is in `card_number`, `cardNumber` and `cardnumber`. */
const NAMES = [
  "passwor[dt]|passwd|pass ?phrase|pass ?code|kenn ?wort|kenn ?phrase|geheim",
  "secret(?!ar)|token|credential|authori[sz]ation|bearer|cookie|session",
  "(?:api|private|access|signing|encryption|shared|master) ?key|privat(?:er )?schl(?:ü|ue)ssel|one ?time|einmal ?code",
  "(?:card|karten?) ?(?:number|num |no |nr |nummer|code)|(?:credit|debit) ?card|kredit ?kart|security ?code|pr(?:ü|ue)f ?ziffer",
  "(?:account|acct|konto) ?(?:number|num |no |nr |nummer)|bank ?(?:account|konto|details|verbindung|daten)|routing ?number|sort ?code",
  "tax ?(?:id |ids |ident|number|num |no |payer)|steuer ?(?:id |ident|nr |nummer)|social ?(?:security|insurance)|sozial ?versicherung",
  "passport|reise ?pass|ausweis|national ?id |(?: id|identity|identi(?:fi)?cation) ?(?:card|number|no |nr )|driv(?:er|ing)s? ?licen[cs]e",
  "f(?:ü|ue)hrer ?schein|versicherten ?(?:nr |nummer)|national ?insurance ?(?:number|no )",
  " (?:pass|pwd|pw|pin|pins|puk|tan|tans|otp|totp|mfa|cards?|karten?|cvv|cvc|csc|cav|iban|ibans|bic|ssn|itin|tin|nino|auth|jwt|sid|svnr) ",
];

const secretName = new RegExp(NAMES.join("|"));

/** The words of a name, in lower case and with spaces around each. Words end at signs, digits and capitals. */
const wordsOf = (name: string): string =>
  ` ${name
    .normalize("NFKC")
    .replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replace(/(\p{Ll})(?=\p{Lu})|(\p{Lu})(?=\p{Lu}\p{Ll})/gu, "$& ")
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, " ")
    .trim()} `;

/** Whether the name of a member says that its value is a secret, in any case and with any signs between its words. */
export const isSecretName = (name: string): boolean => secretName.test(wordsOf(name));
