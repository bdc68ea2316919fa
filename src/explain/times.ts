// The timestamp, against the clock of who asks and against Cloudinary's.

import type { Facts } from "./facts.ts";
import type { Finding } from "./finding.ts";

/** How long Cloudinary takes a signature, in seconds. */
const HOUR = 3600;
/** Clocks that differ by less are no cause, in seconds. */
const MAX_SKEW = 60;
/** How near to a time zone's difference a time is that comes of one, in seconds. */
const ZONE_SLACK = 120;
const MAX_ZONE = 14 * HOUR;
/** From so many hours on there are zones of half an hour. */
const HALVES = 3 * HOUR;

/** Seconds in words. */
function duration(seconds: number): string {
  const whole = Math.abs(Math.round(seconds));
  if (whole < 120) return `${whole} seconds`;
  if (whole < 2 * HOUR) return `${Math.round(whole / 60)} minutes`;
  if (whole < 48 * HOUR) return `${Math.round((whole / HOUR) * 10) / 10} hours`;
  return `${Math.round(whole / 86_400)} days`;
}

const isZone = (seconds: number): boolean => {
  const off = Math.abs(seconds);
  const step = off > HALVES ? HOUR / 2 : HOUR;
  const rest = off % step;
  return (
    off >= step - ZONE_SLACK && off <= MAX_ZONE + ZONE_SLACK && Math.min(rest, step - rest) <= ZONE_SLACK
  );
};

/** A timestamp whose form is wrong, whatever the time is. */
function formOf(timestamp: string, isRefused: boolean): Finding[] {
  if (/^\d{13}(\.\d+)?$|^\d{16}$/.test(timestamp))
    return [{ code: "milliseconds", certainty: "certain", fields: ["timestamp"] }];
  if (/^\d{6,7}(\.\d+)?$/.test(timestamp))
    return [{ code: "seconds_divided", certainty: "certain", fields: ["timestamp"] }];
  if (/^\d{9,11}$/.test(timestamp) || !isRefused) return [];
  if (/^[\d.]+e\+?\d{1,2}$/i.test(timestamp))
    return [{ code: "number_format", certainty: "certain", fields: ["timestamp"] }];
  return [
    { code: "not_seconds", certainty: "certain", fields: ["timestamp"], detail: timestamp.slice(0, 40) },
  ];
}

function aged(age: number, isStale: boolean): Finding[] {
  const said = { fields: ["timestamp"], detail: `it was ${duration(age)} old` };
  const zone: Finding = {
    code: "local_time",
    certainty: "likely",
    fields: ["timestamp"],
    detail: duration(age),
  };
  if (age > HOUR) {
    const stale: Finding = { code: "stale", certainty: isStale ? "certain" : "likely", ...said };
    // A ticket that waited for some hours, and no minutes, looks the same.
    return isZone(age) ? [zone, { ...stale, certainty: "likely" }] : [stale];
  }
  if (age >= -MAX_SKEW) return [];
  const future: Finding = {
    code: "future_time",
    certainty: "likely",
    fields: ["timestamp"],
    detail: duration(age),
  };
  return isZone(age) ? [zone, { ...future, certainty: "possible" }] : [future];
}

export function findInTimes({ answer, received, evidence }: Facts): Finding[] {
  const timestamp = received?.pairs.get("timestamp");
  const isTime = answer?.said === "stale" || answer?.said === "bad timestamp";
  const form =
    timestamp === undefined ? [] : formOf(timestamp, isTime || answer?.said === "invalid signature");
  if (form.length > 0) return form;
  const reported = answer?.said === "stale" ? answer.reportedSeconds : undefined;
  if (reported !== undefined && reported < 100_000_000)
    return [{ code: "seconds_divided", certainty: "certain", fields: ["timestamp"] }];
  const { now, answeredAt } = evidence;
  const skew = now !== undefined && answeredAt !== undefined ? now - answeredAt : 0;
  const clock: Finding[] =
    Math.abs(skew) > MAX_SKEW ? [{ code: "clock_skew", certainty: "certain", detail: duration(skew) }] : [];
  const made = reported ?? (timestamp === undefined ? undefined : Number(timestamp));
  const at = answeredAt ?? now;
  const isStale = answer?.said === "stale";
  // Of another refusal the text may be pasted long after it happened.
  const isNow =
    answer === undefined || isStale || answer.said === "bad timestamp" || answeredAt !== undefined;
  const age =
    made !== undefined && at !== undefined && isNow ? aged(at - made, isStale || answer === undefined) : [];
  if (clock.length > 0 && age.length > 0)
    return [...clock, ...age.map((one): Finding => ({ ...one, certainty: "possible" }))];
  if (answer?.said === "bad timestamp" && age.length === 0)
    return [...clock, { code: "not_seconds", certainty: "likely", fields: ["timestamp"] }];
  if (!isStale) return age;
  // That the hour was over may have other reasons than that it was.
  const others = (["clock_skew", "local_time"] as const).filter((code) =>
    age.every((one) => one.code !== code),
  );
  return [
    ...(age.length > 0
      ? age
      : [...clock, { code: "stale", certainty: "certain", fields: ["timestamp"] } as const]),
    ...others.map((code): Finding => ({ code, certainty: "possible" })),
  ];
}
