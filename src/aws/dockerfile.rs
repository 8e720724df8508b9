//! Dockerfile templates: their instructions, and the variables that Image Builder fills in.

/// The variable that stands for the base image of the recipe.
pub(crate) const PARENT_IMAGE: &str = "parentImage";

/// The variable that prepares the environment in which components run.
pub(crate) const ENVIRONMENTS: &str = "environments";

/// The variable that stands for the instructions which run the components.
pub(crate) const COMPONENTS: &str = "components";

/// The variables that Image Builder fills in.
pub(crate) const VARIABLES: [&str; 3] = [PARENT_IMAGE, ENVIRONMENTS, COMPONENTS];

/// The number of braces that open a variable, and that close it.
pub(crate) const BRACES: usize = 3;

/// A variable as a template writes it: `imagebuilder:<name>` in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder<'t> {
    /// The whole placeholder, braces included.
    pub text: &'t str,
    /// The name, which follows the colon.
    pub name: &'t str,
    /// How many braces open it.
    pub opening: usize,
    /// How many braces close it.
    pub closing: usize,
}

/// The placeholders of a template, including those with too few braces.
pub(crate) fn placeholders(template: &str) -> impl Iterator<Item = Placeholder<'_>> {
    const PREFIX: &str = "imagebuilder:";
    template.match_indices(PREFIX).filter_map(|(at, _)| {
        let before = template[..at].trim_end_matches(' ');
        let rest = &template[at + PREFIX.len()..];
        let end = rest.find(|char: char| char.is_whitespace() || matches!(char, '{' | '}')).unwrap_or(rest.len());
        let (name, after) = (&rest[..end], rest[end..].trim_start_matches(' '));
        let opening = before.len() - before.trim_end_matches('{').len();
        let closing = after.len() - after.trim_start_matches('}').len();
        let span = before.len() - opening..template.len() - after.len() + closing;
        // A single brace may be shell syntax, as in `${name}`.
        (opening.max(closing) > 1).then(|| Placeholder { text: &template[span], name, opening, closing })
    })
}

/// The instructions of a template without comments, each with its continuation lines.
pub(crate) fn instructions(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = template;
    let next = move || {
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            end += line.len();
            // Dockerfiles for Windows may continue lines with a backquote.
            if line.trim_start().starts_with('#') || !line.trim_end().ends_with(['\\', '`']) {
                break;
            }
        }
        let (instruction, after) = rest.split_at(end);
        rest = after;
        (end > 0).then(|| instruction.trim())
    };
    std::iter::from_fn(next).filter(|instruction| !instruction.is_empty() && !instruction.starts_with('#'))
}

/// Whether an instruction has that name, ignoring case.
pub(crate) fn is_instruction(instruction: &str, name: &str) -> bool {
    instruction.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_counted_by_their_braces() {
        let braces = |template| placeholders(template).map(|found| (found.name, found.opening, found.closing)).next();
        assert_eq!(braces("FROM {{{ imagebuilder:parentImage }}} AS base"), Some(("parentImage", 3, 3)));
        assert_eq!(braces("FROM {{{imagebuilder:parentImage}}"), Some(("parentImage", 3, 2)));
        assert_eq!(braces("{{ imagebuilder:components"), Some(("components", 2, 0)));
        assert_eq!(braces("LABEL of=arn:aws:imagebuilder:us-west-2:aws:image/x"), None);
        assert_eq!(braces("${imagebuilder:x}"), None);
        assert_eq!(placeholders("a {{ imagebuilder:x }} b").next().map(|x| x.text), Some("{{ imagebuilder:x }}"));
    }

    #[test]
    fn instructions_span_continued_lines() {
        let template = "# base\r\nFROM \\\n  amazonlinux\n\nRUN a `\n b\n# end \\\nfrom x";
        let found: Vec<_> = instructions(template).collect();
        assert_eq!(found, ["FROM \\\n  amazonlinux", "RUN a `\n b", "from x"]);
        assert!(is_instruction(found[2], "FROM"));
    }
}
