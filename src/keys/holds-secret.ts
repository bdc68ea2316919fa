// Whether a text holds a secret, as the whole `cloudinary://` address holds the API secret.

/** Shorter secrets than this are not real ones, and would be found everywhere by accident. */
export const MIN_SEARCHED_SECRET = 8;

/** Whether it is the secret, or has it somewhere. */
export const holdsSecret = (text: string, secret: string): boolean =>
  text === secret || (secret.length >= MIN_SEARCHED_SECRET && text.includes(secret));
