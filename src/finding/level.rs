//! How much a finding matters.

/// How much a finding matters.
///
/// ```
/// use imagelint::Level;
///
/// assert!(Level::Warning < Level::Error);
/// assert_eq!(Level::from_name("warning"), Some(Level::Warning));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Not reported.
    Off,
    /// Worth knowing.
    Info,
    /// A documented recommendation is not followed, or the document is very likely wrong.
    Warning,
    /// A documented rule is broken.
    Error,
}

impl Level {
    /// All levels, the lowest first.
    pub const ALL: [Level; 4] = [Level::Off, Level::Info, Level::Warning, Level::Error];

    /// The word used in reports and settings.
    pub fn name(self) -> &'static str {
        match self {
            Level::Off => "off",
            Level::Info => "info",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }

    /// The level of that name, if there is one.
    pub fn from_name(name: &str) -> Option<Self> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}
