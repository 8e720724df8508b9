//! The user data of build instances: its base64, its size, and whether the instance's agent recognises it.

use std::borrow::Cow;

use crate::aws::user_data::{Base64Fault, UserData, base64_fault};
use crate::model::typed::shapes::UserDataOverride;
use crate::rule::prelude::*;
use crate::rules::structure;
use crate::text::case::starts_with_ignoring_case;

pub(super) static RULES: &[&Check] = &[
    &USER_DATA_BASE64,
    &USER_DATA_SIZE,
    &USER_DATA_FORM,
    &USER_DATA_DOUBLE_BASE64,
    &USER_DATA_SSM,
    &USER_DATA_CLEANUP,
];

const CONFIGURATION: &str =
    "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_AdditionalInstanceConfiguration.html";
const RECIPES: &str = "https://docs.aws.amazon.com/imagebuilder/latest/userguide/create-image-recipes.html";
const LINUX: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html";
const WINDOWS: &str = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html#user-data-windows";
const MODEL: &str = "service model: UserDataOverride";

/// The maximum number of base64 characters that Image Builder accepts, and of bytes that fit in them.
const MOST_CHARACTERS: usize = 21847;
const MOST_BYTES: usize = MOST_CHARACTERS / 4 * 3;

pub(super) static USER_DATA_BASE64: Check = Check {
    rule: &Rule {
        name: "user-data-base64",
        summary: "user data is padded base64 of the standard alphabet",
        why: "User data is always base64-encoded, and the pattern of the service model has neither line breaks nor the \
              URL alphabet. A script in clear text is not encoded.",
        help: "encode the script with `base64 -w0`",
        source: &[CONFIGURATION, MODEL],
        outranks: &[&structure::STRING_PATTERN],
        ..Rule::BASE
    },
    on: &Each::<UserDataOverride>(|node, cx| {
        let Some((text, fault)) = node.text().and_then(|text| Some((text, base64_fault(text)?))) else {
            return;
        };
        match fault {
            Base64Fault::Character(character) => {
                let span = node.slice(character);
                let offset = character.as_ptr() as usize - text.as_ptr() as usize;
                let reason = if character.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                    "follows the padding that ends base64"
                } else {
                    "is not of the base64 alphabet"
                };
                let message = format!("`{}` at offset {offset} of the user data {reason}", character.escape_debug());
                let finding = cx.report(node, message).at(span);
                if text.starts_with("#!") || text.starts_with('<') {
                    finding.help("this is the script itself; encode it with `base64 -w0`");
                }
            }
            Base64Fault::Padding(padding) => {
                let digits = text.len() - padding.len();
                let expected = match digits % 4 {
                    0 => "none is",
                    2 => "2 are",
                    3 => "1 is",
                    _ => {
                        let message = format!(
                            "user data has {}, a last one without its group of four",
                            counted(digits, "base64 character")
                        );
                        cx.report(node, message).help("the text was cut off; encode the script again");
                        return;
                    }
                };
                let message = format!(
                    "user data has {} and {} `=`; {expected} expected at the end",
                    counted(digits, "base64 character"),
                    padding.len()
                );
                cx.report(node, message);
            }
        }
    }),
};

static USER_DATA_SIZE: Check = Check {
    rule: &Rule {
        name: "user-data-size",
        summary: "user data is at most 21847 characters of base64",
        why: "EC2 takes 16 KB of user data. Image Builder counts the encoded text; as base64 comes in groups of four \
              characters, 16383 bytes are the most that fit.",
        help: "fetch the larger part from S3, move it to a component, or compress it with gzip",
        source: &[MODEL, LINUX],
        outranks: &[&structure::STRING_LENGTH],
        ..Rule::BASE
    },
    on: &Each::<UserDataOverride>(|node, cx| {
        let Some(text) = node.text().filter(|text| text.len() > MOST_CHARACTERS) else {
            return;
        };
        let characters = text.chars().count();
        if characters <= MOST_CHARACTERS {
            return;
        }
        let found = match UserData::decode(text) {
            Some(data) => format!("user data of {} bytes is {characters} characters of base64", data.size()),
            None => format!("user data has {characters} characters"),
        };
        let message = format!("{found}; at most {MOST_CHARACTERS} are accepted, which hold {MOST_BYTES} bytes");
        cx.report(node, message).at(node.key_span());
    }),
};

/// The decoded user data, with the node of its platform and the platform's name.
fn decoded<'d>(node: Node<'d>, cx: &Context<'d>) -> Option<(UserData, Node<'d>, &'d str)> {
    let platform = cx.nearest(node, member::Platform)?;
    let data = UserData::decode(node.text().filter(|text| !text.is_empty())?)?;
    Some((data, platform, platform.text()?))
}

static USER_DATA_FORM: Check = Check {
    rule: &Rule {
        name: "user-data-form",
        level: Level::Warning,
        summary: "decoded user data has a form that the agent of the platform acts on",
        why: "cloud-init recognises scripts and configuration by how they start, EC2Launch by their tags or by the \
              version of its YAML. They ignore all else, and the build goes on without it. cloud-init recognises \
              multipart text by `MIME-Version:` in its first 4096 bytes.",
        help: "start with `#!` or `#cloud-config`; on Windows wrap scripts in `<powershell>` or `<script>`",
        source: &[LINUX, WINDOWS],
        ..Rule::BASE
    },
    on: &Each::<UserDataOverride>(|node, cx| {
        let Some((data, platform, name)) = decoded(node, cx) else {
            return;
        };
        let (agent, expected, recognised) = match name {
            "Linux" => ("cloud-init", "a start such as `#!`", data.is_for_cloud_init()),
            "macOS" => ("ec2-macos-init", "a start such as `#!`", data.is_for_cloud_init()),
            "Windows" => ("EC2Launch", "`<powershell>`, `<script>` or YAML tasks", data.is_for_windows()),
            _ => return,
        };
        if recognised {
            return;
        }
        // The message quotes the first word only: what follows may be a password.
        let word = |text| str::split(text, |char: char| char.is_whitespace() || char == '=').next();
        let found: Cow<'_, str> = match data.text().map(|text| word(text).filter(|word| !word.is_empty())) {
            Some(Some(word)) => format!("starts with `{}`", quoted(word).escape_debug()).into(),
            Some(None) => "is blank".into(),
            None => "is binary".into(),
        };
        let message = format!("decoded user data {found}; {agent} expects {expected}");
        let finding = cx.report(node, message).label(platform.span(), "the platform");
        if data.text().is_some_and(|text| starts_with_ignoring_case(text, "content-type:")) && name != "Windows" {
            finding.help("add the line `MIME-Version: 1.0` at the start");
        }
    }),
};

static USER_DATA_DOUBLE_BASE64: Check = Check {
    rule: &Rule {
        name: "user-data-double-base64",
        level: Level::Warning,
        summary: "user data is encoded once",
        why: "User data is decoded once on its way to the instance. Encoded twice, by a script and again by the tool \
              that sends it, it arrives as base64 instead of commands.",
        help: "hand over the text that was encoded once",
        source: &[CONFIGURATION, RECIPES],
        outranks: &[USER_DATA_FORM.rule, USER_DATA_SSM.rule, USER_DATA_CLEANUP.rule],
        fixes: Rule::UNSAFELY,
        ..Rule::BASE
    },
    on: &Each::<UserDataOverride>(|node, cx| {
        let Some(data) = node.text().and_then(UserData::decode) else {
            return;
        };
        if let Some(inner) = data.inner_base64() {
            let fix = Fix::risky("decode it once", node.span(), format!("\"{inner}\""));
            cx.report(node, "user data is base64 of base64; it was encoded twice").fix(fix);
        }
    }),
};

/// Whether the user data of a Linux instance is plain text that does not contain a word.
fn lacks<'d>(node: Node<'d>, word: &str, cx: &Context<'d>) -> bool {
    decoded(node, cx).is_some_and(|(data, _, platform)| {
        platform == "Linux" && !data.is_opaque() && data.text().is_some_and(|text| !text.contains(word))
    })
}

static USER_DATA_SSM: Check = Check {
    rule: &Rule {
        name: "user-data-ssm",
        level: Level::Info,
        pedantic: true,
        summary: "user data that replaces Image Builder's own installs the Systems Manager agent",
        why: "Image Builder's own user data installs the agent on Linux. An override takes its place, and without the \
              agent the build cannot reach the instance.",
        help: "fine where the base image has the agent, as Amazon Linux and Ubuntu images have; else install it",
        source: &[CONFIGURATION, RECIPES],
        ..Rule::BASE
    },
    on: &Each::<UserDataOverride>(|node, cx| {
        if lacks(node, "ssm-agent", cx) {
            cx.report(node, "the user data never mentions `ssm-agent`; it replaces the text that installs it");
        }
    }),
};

static USER_DATA_CLEANUP: Check = Check {
    rule: &Rule {
        name: "user-data-cleanup",
        level: Level::Info,
        pedantic: true,
        summary: "user data that replaces Image Builder's own asks for the clean-up",
        why: "On Linux, Image Builder cleans the instance up before it makes the image only where an empty file named \
              perform_cleanup in the working directory asks for it. The working directory is /tmp unless the recipe's \
              `workingDirectory` says otherwise. User data that replaces Image Builder's own has to create the file.",
        help: "add a command that creates an empty file `perform_cleanup` in the recipe's working directory",
        source: &[RECIPES, "https://docs.aws.amazon.com/imagebuilder/latest/userguide/security-best-practices.html"],
        ..Rule::BASE
    },
    on: &Each::<UserDataOverride>(|node, cx| {
        if lacks(node, "perform_cleanup", cx) {
            cx.report(node, "the user data never mentions `perform_cleanup`; the clean-up will not run");
            return;
        }
        let directory = cx.nearest(node, member::WorkingDirectory);
        let Some((directory, path)) = directory.and_then(|directory| Some((directory, directory.text()?))) else {
            return;
        };
        let own = format!("{}/perform_cleanup", path.trim_end_matches('/'));
        if !path.is_empty() && lacks(node, &own, cx) && !lacks(node, "/tmp/perform_cleanup", cx) {
            let message = format!(
                "the user data creates `/tmp/perform_cleanup`, but the working directory is `{}`",
                quoted(path)
            );
            cx.report(node, message).label(directory.span(), "the working directory");
        }
    }),
};
