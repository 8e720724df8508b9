//! The Dockerfile templates of container recipes: the variables that Image Builder fills in, and encryption.

use crate::aws::dockerfile::{
    BRACES, COMPONENTS, ENVIRONMENTS, PARENT_IMAGE, Placeholder, VARIABLES, instructions, is_instruction, placeholders,
};
use crate::model::shape::within_edits;
use crate::model::typed::shapes::{ContainerRecipe, CreateContainerRecipeRequest};
use crate::rule::prelude::*;

pub(super) static RULES: &[&Check] = &[&DOCKERFILE_PLACEHOLDERS, &CONTAINER_ENCRYPTED_FLAG];

static DOCKERFILE_PLACEHOLDERS: Check = Check {
    rule: &Rule {
        name: "dockerfile-placeholders",
        level: Level::Warning,
        summary: "a Dockerfile template has the variables that bring in the base image and the components",
        why: "Image Builder puts the base image and the components of the recipe where the template says so, and \
              nowhere else. A template without them builds an image that the recipe does not describe.",
        help: "write `{{{ imagebuilder:parentImage }}}`, `{{{ imagebuilder:environments }}}` and \
               `{{{ imagebuilder:components }}}`, each with three braces",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-container-recipes.html",
            "service model: ContainerRecipe.dockerfileTemplateData",
        ],
        ..Rule::BASE
    },
    on: &Each::<(ContainerRecipe, CreateContainerRecipeRequest)>(|recipe, cx| {
        let node = recipe.get(member::DockerfileTemplateData);
        let Some((node, template)) = node.and_then(|node| Some((node, node.text()?))) else {
            return;
        };
        let parts = node.parts();
        for placeholder in instructions(template).flat_map(placeholders) {
            if let Some(message) = fault_message(placeholder) {
                cx.report(node, message).at(parts.slice(placeholder.text));
            }
        }
        if let Some(image) = foreign_base(template) {
            let message = format!(
                "`FROM {}` passes over the base image of the recipe; `{{{{{{ imagebuilder:{PARENT_IMAGE} }}}}}}` \
                 was expected",
                quoted(image)
            );
            cx.report(node, message).at(node.slice(image));
        }
        let missing: Vec<String> = [ENVIRONMENTS, COMPONENTS]
            .into_iter()
            .filter(|variable| !has_variable(template, variable))
            .map(|variable| format!("`{{{{{{ imagebuilder:{variable} }}}}}}`"))
            .collect();
        if let Some(components) = recipe.get(member::Components).filter(|_| !missing.is_empty()) {
            let message = format!("components will not run: the template lacks {}", missing.join(" and "));
            let finding = cx.report(node, message).at(node.key_span());
            finding.says("the template").label(components.key_span(), "the components");
        }
    }),
};

/// The message about a placeholder with an unknown name or the wrong number of braces.
fn fault_message(placeholder: Placeholder<'_>) -> Option<String> {
    let Placeholder { text, name, opening, closing } = placeholder;
    if !VARIABLES.contains(&name) {
        let known = VARIABLES.join(", ");
        return Some(format!("`{}` is no variable of Image Builder; known are {known}", quoted(text)));
    }
    let fits = opening == BRACES && closing == BRACES;
    let message = || format!("`{text}` has {opening} opening and {closing} closing braces; {BRACES} were expected");
    (!fits).then(message)
}

/// Whether a text contains a variable, correct or misspelt; misspelt ones are reported on their own.
fn has_variable(text: &str, variable: &str) -> bool {
    let resembles = |name: &str| name.eq_ignore_ascii_case(variable) || within_edits(name, variable, 2);
    let is_it = |name: &str| if VARIABLES.contains(&name) { name == variable } else { resembles(name) };
    placeholders(text).any(|placeholder| is_it(placeholder.name))
}

/// The image that the last stage starts from, if no stage starts from the recipe's base image.
fn foreign_base(template: &str) -> Option<&str> {
    let mut last = None;
    for instruction in instructions(template) {
        let stage = is_instruction(instruction, "FROM");
        // The base image may be passed in an argument.
        if (stage || is_instruction(instruction, "ARG")) && has_variable(instruction, PARENT_IMAGE) {
            return None;
        }
        last = if stage { Some(instruction) } else { last };
    }
    last?.split_whitespace().skip(1).find(|word| !word.starts_with("--") && *word != "\\" && *word != "`")
}

static CONTAINER_ENCRYPTED_FLAG: Check = Check {
    rule: &Rule {
        name: "container-encrypted-flag",
        level: Level::Info,
        summary: "`encrypted` of a container recipe is true",
        why: "The flag says whether the Dockerfile template is encrypted at rest, which it always is. It was once \
              described as that of the container image, and captures of that time may hold false.",
        help: "an old capture may hold false; in a new one the flag was edited",
        source: &["service model: ContainerRecipe.encrypted"],
        ..Rule::BASE
    },
    on: &Each::<ContainerRecipe>(|recipe, cx| {
        if let Some(encrypted) = recipe.get(member::Encrypted).filter(|encrypted| encrypted.boolean() == Some(false)) {
            cx.report(encrypted, "`encrypted` is `false`; the service always answers `true`");
        }
    }),
};
