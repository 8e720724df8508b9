//! Schedule expressions of pipelines: `cron(<six fields>)` and `rate(<number> <unit>)`.

/// The units of rates, in the singular and in the plural.
const UNITS: [(&str, &str); 3] = [("minute", "minutes"), ("hour", "hours"), ("day", "days")];

/// A schedule expression; the text in the parentheses is not validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Expression<'t> {
    /// The fields of a cron expression.
    Cron(&'t str),
    /// The number and the unit of a rate.
    Rate(&'t str),
}

impl<'t> Expression<'t> {
    /// Parses a text; None where it has neither form.
    pub(crate) fn parse(text: &'t str) -> Option<Self> {
        let inner = text.strip_suffix(')')?;
        let cron = inner.strip_prefix("cron(").map(Expression::Cron);
        cron.or_else(|| inner.strip_prefix("rate(").map(Expression::Rate))
    }
}

/// The singular or plural that a unit takes after a number; None for other words.
pub(crate) fn unit_after(number: u64, unit: &str) -> Option<&'static str> {
    let (singular, plural) = UNITS.into_iter().find(|(singular, plural)| unit == *singular || unit == *plural)?;
    Some(if number == 1 { singular } else { plural })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expressions_are_recognised_by_their_form() {
        assert_eq!(Expression::parse("cron(0 0 * * ? *)"), Some(Expression::Cron("0 0 * * ? *")));
        assert_eq!(Expression::parse("rate(1 day)"), Some(Expression::Rate("1 day")));
        for text in ["", "0 0 * * ? *", "at(2026-09-03T05:44:21)", "cron(0 0 * * ? *", "rate 1 day"] {
            assert_eq!(Expression::parse(text), None, "{text}");
        }
    }

    #[test]
    fn one_takes_the_singular() {
        assert_eq!(unit_after(1, "hours"), Some("hour"));
        assert_eq!(unit_after(5, "hour"), Some("hours"));
        assert_eq!(unit_after(2, "weeks"), None);
    }
}
