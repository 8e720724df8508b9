//! The fields of AWS's cron expressions. No crate fits: others count weekdays from 0, or lack `?`, `L`, `W` and `#`.

use std::ops::RangeInclusive;

/// A field of a cron expression.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name in messages.
    pub(crate) name: &'static str,
    /// The values in words.
    pub(crate) values: &'static str,
    range: RangeInclusive<u16>,
    /// Names of the values, the first of which stands for the first value.
    names: &'static [&'static str],
    /// The wildcards that only some fields take.
    wildcards: &'static str,
}

const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/// The fields in their order.
pub(crate) static FIELDS: [Field; 6] = [
    Field { name: "minute", values: "0-59", range: 0..=59, names: &[], wildcards: "" },
    Field { name: "hour", values: "0-23", range: 0..=23, names: &[], wildcards: "" },
    Field { name: "day of the month", values: "1-31", range: 1..=31, names: &[], wildcards: "?LW" },
    Field { name: "month", values: "1-12 or JAN-DEC", range: 1..=12, names: &MONTHS, wildcards: "" },
    Field { name: "day of the week", values: "1-7 or SUN-SAT", range: 1..=7, names: &WEEKDAYS, wildcards: "?L#" },
    Field { name: "year", values: "1970-2199", range: 1970..=2199, names: &[], wildcards: "" },
];

/// Why a field cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault<'t> {
    /// A value that the field does not have.
    Value(&'t str),
    /// A wildcard that the field does not take.
    Wildcard(&'t str),
    /// A step of 0, or one that leaves the field.
    Step(&'t str),
    /// The number of a week of the month, after `#`, that is not 1 to 5.
    Week(&'t str),
}

impl<'t> Fault<'t> {
    /// The faulty part of the field.
    pub(crate) fn part(self) -> &'t str {
        let (Fault::Value(part) | Fault::Wildcard(part) | Fault::Step(part) | Fault::Week(part)) = self;
        part
    }
}

impl Field {
    /// The greatest step.
    pub(crate) fn longest_step(&self) -> u16 {
        *self.range.end()
    }

    /// The first fault of a text in the field.
    pub(crate) fn fault<'t>(&self, text: &'t str) -> Option<Fault<'t>> {
        // A question mark stands for no value, so nothing can be beside it.
        if text == "?" && self.takes('?') {
            return None;
        }
        text.split(',').find_map(|item| self.item_fault(item))
    }

    /// Whether the field takes a wildcard.
    fn takes(&self, wildcard: char) -> bool {
        self.wildcards.contains(wildcard)
    }

    fn item_fault<'t>(&self, item: &'t str) -> Option<Fault<'t>> {
        let foreign = |char: &char| matches!(char, '?' | '#') && !self.takes(*char);
        if let Some((at, _)) = item.char_indices().find(|(_, char)| foreign(char)) {
            return Some(Fault::Wildcard(&item[at..=at]));
        }
        let (values, step) = item.split_once('/').map_or((item, None), |(values, step)| (values, Some(step)));
        let step_fault = || step.filter(|step| !self.is_step(step)).map(Fault::Step);
        self.values_fault(values, step.is_some()).or_else(step_fault)
    }

    fn values_fault<'t>(&self, values: &'t str, has_step: bool) -> Option<Fault<'t>> {
        // A step alone starts at the first value.
        if values == "*" || (values.is_empty() && has_step) {
            return None;
        }
        if let Some((day, week)) = values.split_once('#') {
            let is_week = matches!(week, "1" | "2" | "3" | "4" | "5");
            return self.value_fault(day).or((!is_week).then_some(Fault::Week(week)));
        }
        if self.takes('L') && self.is_last(values) {
            return None;
        }
        match values.split_once('-') {
            Some((first, last)) => self.value_fault(first).or_else(|| self.value_fault(last)),
            None => self.value_fault(values),
        }
    }

    /// Whether a text names a day by the last of its month or week, or the weekday next to a day: `L`, `LW`, `15W`,
    /// `FRIL`.
    fn is_last(&self, text: &str) -> bool {
        let upper = text.to_ascii_uppercase();
        if !self.takes('W') {
            return upper.strip_suffix('L').is_some_and(|day| day.is_empty() || self.has(day));
        }
        // Days before the last, such as `L-3`, are not documented, but known to the cron that AWS's is modelled on.
        let before_last =
            |text: &str| text.strip_prefix("L-").is_some_and(|days| days.parse().is_ok_and(|days: u8| days < 31));
        let weekday = |text: &str| text.is_empty() || text == "L" || self.has(text);
        upper == "L" || upper.strip_suffix('W').is_some_and(weekday) || before_last(&upper)
    }

    fn value_fault<'t>(&self, value: &'t str) -> Option<Fault<'t>> {
        if self.has(value) {
            return None;
        }
        let is_wildcard = matches!(value, "L" | "W" | "LW" | "l" | "w" | "lw");
        Some(if is_wildcard { Fault::Wildcard(value) } else { Fault::Value(value) })
    }

    /// Whether a text is one of the field's values, by number or by name.
    fn has(&self, value: &str) -> bool {
        number(value).is_some_and(|number| self.range.contains(&number))
            || self.names.iter().any(|name| name.eq_ignore_ascii_case(value))
    }

    fn is_step(&self, step: &str) -> bool {
        number(step).is_some_and(|step| (1..=self.longest_step()).contains(&step))
    }
}

/// The number that digits alone write.
fn number(text: &str) -> Option<u16> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_take_lists_ranges_steps_and_their_wildcards() {
        for (field, texts) in FIELDS.iter().zip([
            ["0", "*", "0/15", "5,10-20/2,59", "*/5"],
            ["23", "8-17", "0,12", "/6", "22-2"],
            ["?", "L", "LW", "15W", "1-15,L"],
            ["jan,Feb,MAR", "1-12", "*/3", "12", "*"],
            ["?", "fri#2", "1L", "MON-FRI", "7"],
            ["1970", "2026-2030", "*", "2199", "2026/2"],
        ]) {
            for text in texts {
                assert_eq!(field.fault(text), None, "{}: {text}", field.name);
            }
        }
    }

    #[test]
    fn faults_name_the_part() {
        for (index, text, fault) in [
            (0, "60", Fault::Value("60")),
            (0, "0,5-75", Fault::Value("75")),
            (0, "*/0", Fault::Step("0")),
            (0, "?", Fault::Wildcard("?")),
            (1, "L", Fault::Wildcard("L")),
            (1, "24", Fault::Value("24")),
            (2, "0", Fault::Value("0")),
            (2, "32W", Fault::Value("32W")),
            (2, "1#2", Fault::Wildcard("#")),
            (2, "1,?", Fault::Value("?")),
            (3, "13", Fault::Value("13")),
            (4, "0", Fault::Value("0")),
            (4, "FRI#6", Fault::Week("6")),
            (4, "15W", Fault::Value("15W")),
            (4, "", Fault::Value("")),
            (5, "1969", Fault::Value("1969")),
            (5, "+2026", Fault::Value("+2026")),
        ] {
            assert_eq!(FIELDS[index].fault(text), Some(fault), "{text}");
        }
    }
}
