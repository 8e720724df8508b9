//! What somebody meant who misspelt a name.

/// The known name that comes nearest to another, where one comes near.
pub(crate) fn nearest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    const NEAR: f64 = 0.8;
    let likeness = known.into_iter().map(|known| (strsim::jaro_winkler(name, known), known));
    let (likeness, near) = likeness.max_by(|one, other| one.0.total_cmp(&other.0))?;
    (likeness > NEAR).then_some(near)
}

/// Says that there is no such thing, and what was meant or where to look.
pub(crate) fn unknown<'n>(what: &str, name: &str, known: impl IntoIterator<Item = &'n str>, otherwise: &str) -> String {
    match nearest(name, known) {
        Some(near) => format!("there is no {what} `{name}`; did you mean `{near}`?"),
        None => format!("there is no {what} `{name}`; {otherwise}"),
    }
}
