// The account that every contender signs for.

export const CLOUD_NAME = "bench-cloud";
export const API_KEY = "415926535897932";
export const API_SECRET = "Bq_the-Secret-of-the-BENCH9";

/** The account's bindings. */
export const ACCOUNT = {
  CLOUDINARY_CLOUD_NAME: CLOUD_NAME,
  CLOUDINARY_API_KEY: API_KEY,
  CLOUDINARY_API_SECRET: API_SECRET,
} as const;
