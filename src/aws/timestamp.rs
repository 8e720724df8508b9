//! Parses dates and times: ISO 8601 text, seconds since 1970, and the American form of notifications.

use std::fmt;
use std::time::Duration;

/// A date and time, with the precision of its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timestamp {
    /// Seconds since 1970 in UTC, or in local time where no zone is written.
    seconds: i64,
    nanoseconds: u32,
    /// The number of digits of the fraction, at most 9.
    precision: u32,
    zoned: bool,
}

/// Why a text is not a date and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault<'a> {
    /// It does not read `YYYY-MM-DDThh:mm:ss`, with or without fraction and zone.
    Form,
    /// A field is out of range for the calendar or the clock.
    Range {
        /// The field's name.
        field: &'static str,
        /// Its text.
        text: &'a str,
        /// The minimum.
        least: i64,
        /// The maximum.
        greatest: i64,
    },
}

/// The fields of `YYYY-MM-DDThh:mm:ss`: names, starts and ends, minima and maxima.
const FIELDS: [(&str, usize, usize, i64, i64); 6] = [
    ("year", 0, 4, 0, 9999),
    ("month", 5, 7, 1, 12),
    ("day", 8, 10, 1, 31),
    ("hour", 11, 13, 0, 23),
    ("minute", 14, 16, 0, 59),
    ("second", 17, 19, 0, 60),
];

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Timestamp {
    /// Parses `YYYY-MM-DDThh:mm:ss[.fff…][Z|±hh[[:]mm]]`.
    ///
    /// # Errors
    ///
    /// When the text has another form, or names a day or an hour that does not exist.
    pub(crate) fn from_iso(text: &str) -> Result<Self, Fault<'_>> {
        Self::parse(text, false)
    }

    /// Parses the same with a space or `T` before the hour. Python's `str` writes datetimes with a space.
    ///
    /// # Errors
    ///
    /// As for [`Timestamp::from_iso`].
    pub(crate) fn from_iso_or_spaced(text: &str) -> Result<Self, Fault<'_>> {
        Self::parse(text, true)
    }

    /// Parses `Mar 2, 2022 7:09:50 AM`, the form of dates in notifications of Image Builder. A comma may
    /// follow the year, and the space before AM or PM may be a no-break one.
    pub(crate) fn from_american(text: &str) -> Option<Self> {
        let (month, rest) = text.split_once(' ')?;
        let month = MONTHS.iter().position(|name| *name == month)?;
        let (day, rest) = rest.split_once(", ")?;
        let (year, rest) = rest.split_once(' ')?;
        let (time, am_or_pm) = rest.split_once([' ', '\u{202f}', '\u{a0}'])?;
        let is_number = |text: &str| matches!(text.len(), 1..=4) && text.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = time.split(':').map(|part| is_number(part).then(|| (number(part), part.len())));
        let ((hour, _), (minute, 2), (second, 2)) = (parts.next()??, parts.next()??, parts.next()??) else {
            return None;
        };
        let afternoon = match am_or_pm {
            "AM" => 0,
            "PM" => 12,
            _ => return None,
        };
        let month = i64::try_from(month).ok()? + 1;
        let year = year.strip_suffix(',').unwrap_or(year);
        if !is_number(year) || !is_number(day) {
            return None;
        }
        let (year, day) = (number(year), number(day));
        let exists = (1..=days_in(year, month)).contains(&day)
            && (1..=12).contains(&hour)
            && (0..60).contains(&minute)
            && (0..60).contains(&second);
        (exists && parts.next().is_none()).then(|| {
            let seconds = seconds_of([year, month, day, hour % 12 + afternoon, minute, second]);
            Timestamp { seconds, nanoseconds: 0, precision: 0, zoned: false }
        })
    }

    /// Converts seconds since the start of 1970 in UTC; None before the year 1 and beyond the year 9999.
    pub(crate) fn from_epoch(seconds: f64) -> Option<Self> {
        const START: f64 = -62_135_596_800.0;
        const END: f64 = 253_402_300_800.0;
        if (START..0.0).contains(&seconds) {
            // Times before 1970 are placeholders, such as -1; whole seconds are enough for them.
            let before = Duration::try_from_secs_f64(-seconds).ok()?.as_secs();
            let seconds = -i64::try_from(before).ok()?;
            return Some(Timestamp { seconds, nanoseconds: 0, precision: 0, zoned: true });
        }
        let since = Duration::try_from_secs_f64(seconds).ok().filter(|_| seconds < END)?;
        // Rounded to microseconds: an `f64` is no more precise for dates of today.
        let since = Duration::from_micros(u64::try_from((since + Duration::from_nanos(500)).as_micros()).ok()?);
        let nanoseconds = since.subsec_nanos();
        let precision = if nanoseconds == 0 { 0 } else { 6 };
        Some(Timestamp { seconds: i64::try_from(since.as_secs()).ok()?, nanoseconds, precision, zoned: true })
    }

    /// Whether a zone is written, or implied by seconds since 1970.
    pub(crate) fn is_zoned(self) -> bool {
        self.zoned
    }

    /// Whether this is certainly earlier. Compares with the precision of the less precise one and, where only
    /// one has a zone, allows for the widest offset from UTC.
    pub(crate) fn is_before(self, other: Timestamp) -> bool {
        const WIDEST_OFFSET: i64 = 14 * 3600;
        if self.zoned != other.zoned {
            return self.seconds + WIDEST_OFFSET < other.seconds;
        }
        let unit = 10_u32.pow(9 - self.precision.min(other.precision));
        (self.seconds, self.nanoseconds / unit) < (other.seconds, other.nanoseconds / unit)
    }

    fn parse(text: &str, may_be_spaced: bool) -> Result<Self, Fault<'_>> {
        let (seconds, rest) = date_and_time(text, may_be_spaced)?;
        let (nanoseconds, precision, rest) = fraction(rest).ok_or(Fault::Form)?;
        let offset = offset(rest)?;
        Ok(Timestamp { seconds: seconds - offset.unwrap_or(0), nanoseconds, precision, zoned: offset.is_some() })
    }
}

/// Writes ISO 8601 in UTC; without `Z` where the text had no zone.
impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = date_of(self.seconds.div_euclid(86_400));
        let second = self.seconds.rem_euclid(86_400);
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        formatter.write_str(if self.zoned { "Z" } else { "" })
    }
}

/// Parses the first nineteen characters: the seconds since 1970, and the rest of the text.
fn date_and_time(text: &str, may_be_spaced: bool) -> Result<(i64, &str), Fault<'_>> {
    let &[y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2, separator, h1, h2, b':', m1, m2, b':', s1, s2, ref rest @ ..] =
        text.as_bytes()
    else {
        return Err(Fault::Form);
    };
    let pairs = [[y1, y2], [y3, y4], [o1, o2], [d1, d2], [h1, h2], [m1, m2], [s1, s2]];
    let is_separator = separator == b'T' || (separator == b' ' && may_be_spaced);
    if !is_separator || !pairs.as_flattened().iter().all(u8::is_ascii_digit) {
        return Err(Fault::Form);
    }
    let [century, year, month, day, hour, minute, second] =
        pairs.map(|[tens, ones]| i64::from(tens - b'0') * 10 + i64::from(ones - b'0'));
    let values = [century * 100 + year, month, day, hour, minute, second];
    match out_of_range(text, values) {
        Some(fault) => Err(fault),
        None => Ok((seconds_of(values), &text[text.len() - rest.len()..])),
    }
}

/// The first field of a date and time that is out of range.
fn out_of_range(text: &str, values: [i64; FIELDS.len()]) -> Option<Fault<'_>> {
    let days = days_in(values[0], values[1]);
    let index = FIELDS.iter().zip(values).position(|((field, _, _, least, greatest), value)| {
        value < *least || value > if *field == "day" { days } else { *greatest }
    })?;
    let (field, start, end, least, greatest) = FIELDS[index];
    let greatest = if field == "day" { days } else { greatest };
    Some(Fault::Range { field, text: &text[start..end], least, greatest })
}

/// The value of a text of digits.
fn number(digits: &str) -> i64 {
    digits.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
}

/// Parses a `.` and digits: the nanoseconds, the precision and the rest of the text. None where no digit
/// follows the point.
fn fraction(text: &str) -> Option<(u32, u32, &str)> {
    let Some(rest) = text.strip_prefix('.') else {
        return Some((0, 0, text));
    };
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let mut nanoseconds = 0;
    let mut precision = 0;
    for digit in rest.bytes().take(digits.min(9)) {
        nanoseconds = nanoseconds * 10 + u32::from(digit - b'0');
        precision += 1;
    }
    (digits > 0).then(|| (nanoseconds * 10_u32.pow(9 - precision), precision, &rest[digits..]))
}

/// Parses a zone, `Z` or `±hh[[:]mm]`: the seconds that it is ahead of UTC. None for an empty text.
fn offset(text: &str) -> Result<Option<i64>, Fault<'_>> {
    let (sign, rest) = match text.as_bytes() {
        [] => return Ok(None),
        b"Z" => return Ok(Some(0)),
        [b'+', ..] => (1, &text[1..]),
        [b'-', ..] => (-1, &text[1..]),
        _ => return Err(Fault::Form),
    };
    let (hours, minutes) = match rest.as_bytes() {
        [_, _] => (rest, "00"),
        [_, _, _, _] if rest.is_ascii() => rest.split_at(2),
        [_, _, b':', _, _] if rest.is_ascii() => (&rest[..2], &rest[3..]),
        _ => return Err(Fault::Form),
    };
    if !hours.bytes().chain(minutes.bytes()).all(|byte| byte.is_ascii_digit()) {
        return Err(Fault::Form);
    }
    for (field, text, greatest) in [("hour of the zone", hours, 23), ("minute of the zone", minutes, 59)] {
        if number(text) > greatest {
            return Err(Fault::Range { field, text, least: 0, greatest });
        }
    }
    Ok(Some(sign * (number(hours) * 3600 + number(minutes) * 60)))
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn seconds_of([year, month, day, hour, minute, second]: [i64; 6]) -> i64 {
    days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
}

/// Days since 1970-01-01 of the Gregorian calendar, whose cycle of 400 years has 146097 days. Years start in
/// March, so that the leap day is the last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month < 3 { year - 1 } else { year };
    let (cycle, year_of_cycle) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    cycle * 146_097 + year_of_cycle * 365 + year_of_cycle / 4 - year_of_cycle / 100 + day_of_year - 719_468
}

/// The inverse of [`days_since_1970`].
fn date_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (cycle, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_cycle = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month = (5 * day_of_year + 2) / 153;
    let (day, month) = (day_of_year - (153 * month + 2) / 5 + 1, (month + 2) % 12 + 1);
    (cycle * 400 + year_of_cycle + i64::from(month < 3), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str) -> Timestamp {
        Timestamp::from_iso(text).unwrap_or_else(|fault| panic!("{text}: {fault:?}"))
    }

    #[test]
    fn iso_text_and_seconds_name_the_same_moment() {
        for text in ["2026-01-06T20:12:57Z", "2026-01-06T20:12:57.000Z", "2026-01-06T21:42:57+0130"] {
            assert_eq!(iso(text).seconds, 1_767_730_377, "{text}");
        }
        for days in [-719_468, -1, 0, 58, 59, 11_016, 11_017, 20_000, 2_932_896] {
            let (year, month, day) = date_of(days);
            assert_eq!(days_since_1970(year, month, day), days);
        }
        let epoch = Timestamp::from_epoch(1_767_730_377.0).expect("a moment");
        assert_eq!((epoch.seconds, epoch.precision), (1_767_730_377, 0));
        assert_eq!(epoch.to_string(), "2026-01-06T20:12:57Z");
        assert_eq!(Timestamp::from_epoch(1_767_730_377.121).map(|moment| moment.nanoseconds), Some(121_000_000));
        assert_eq!(
            Timestamp::from_epoch(-1.0).map(|moment| moment.to_string()).as_deref(),
            Some("1969-12-31T23:59:59Z")
        );
        assert_eq!((Timestamp::from_epoch(1e18), Timestamp::from_epoch(-1e18)), (None, None));
    }

    #[test]
    fn a_text_that_is_not_a_date_has_a_fault() {
        for text in
            ["", "27/08/2024", "2024-08-27", "2024-08-27T18:43Z", "2024-08-27t18:43:22Z", "2024-08-27T18:43:22.Z"]
        {
            assert_eq!(Timestamp::from_iso(text), Err(Fault::Form), "{text}");
        }
        for text in ["2024-08-27T18:43:22+é0", "2024-08-27T18:43:22é", "é024-08-27T18:43:2", "2024-08-27T18:43:22+1"]
        {
            assert_eq!(Timestamp::from_iso(text), Err(Fault::Form), "{text}");
        }
        let day = Fault::Range { field: "day", text: "30", least: 1, greatest: 28 };
        assert_eq!(Timestamp::from_iso("2023-02-30T00:00:00Z"), Err(day));
        assert!(Timestamp::from_iso("2024-02-29T23:59:60Z").is_ok());
        assert!(Timestamp::from_iso("1900-02-29T00:00:00Z").is_err());
        assert!(Timestamp::from_iso("2024-08-27T24:00:00Z").is_err());
        assert!(Timestamp::from_iso("2024-08-27T18:43:22+99:00").is_err());
    }

    #[test]
    fn only_what_is_certainly_earlier_is_before() {
        let before = |one, other| iso(one).is_before(iso(other));
        assert!(before("2026-01-01T00:00:00.120Z", "2026-01-01T00:00:00.121Z"));
        assert!(!before("2026-01-01T00:00:00Z", "2026-01-01T00:00:00.121Z"));
        assert!(!before("2026-01-01T00:00:00.121Z", "2026-01-01T00:00:00.121999Z"));
        assert!(before("2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00Z"));
        assert!(!before("2026-01-01T00:00:00", "2026-01-01T12:00:00Z"));
        assert!(before("2026-01-01T00:00:00", "2026-01-02T00:00:00Z"));
        assert!(before("2026-01-01T00:00:00", "2026-01-01T00:00:01"));
    }

    #[test]
    fn notifications_write_american_dates() {
        let american = Timestamp::from_american;
        for text in ["Mar 2, 2022 7:09:50 PM", "Mar 2, 2022, 7:09:50\u{202f}PM"] {
            assert_eq!(american(text).map(|date| date.to_string()).as_deref(), Some("2022-03-02T19:09:50"));
        }
        assert_eq!(
            american("Jun 30, 2020 12:00:00 AM").map(|date| date.to_string()).as_deref(),
            Some("2020-06-30T00:00:00")
        );
        for text in [
            "Feb 30, 2022 7:09:50 AM",
            "Mar 2, 2022 13:09:50 AM",
            "Mar 2, 2022 7:09 AM",
            "Mar 2, 2022 7:9:50 AM",
            "Mar +2, 2022 7:09:50 AM",
            "2 Mar 2022 7:09:50 AM",
        ] {
            assert_eq!(american(text), None, "{text}");
        }
    }
}
