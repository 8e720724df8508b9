//! Suggestions for misspelt names.

/// The known name that is most similar to another, if one is similar enough.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    const NEAR: f64 = 0.8;
    let likeness = known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    let (likeness, near) = likeness.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (likeness > NEAR).then_some(near)
}

/// The message that there is no `what` of that name, with the most similar name, or else `otherwise`.
pub(crate) fn unknown<'n>(what: &str, name: &str, known: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    match nearest(name, known) {
        Some(near) => format!("there is no {what} `{name}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{name}`; {otherwise}"),
    }
}
