//! Dimensions in which something is compared, looked up or reported together with everything else of its kind.

use std::error::Error;

use crate::counts::inputs::{
    ARN, Dimension, Input, account, ami, base, dimension, distributions, each, faulty_builds, har, image, list,
    numbered, on_lines,
};

/// Dimensions of outputs, lists, strings, settings and envelopes.
pub(super) fn dimensions() -> Result<Vec<Dimension>, Box<dyn Error>> {
    let build = base("listed-build")?;
    let mut dimensions = outputs();
    dimensions.extend(strings());
    dimensions.extend(comparisons(&build));
    dimensions.extend(on_one_line(&build));
    dimensions.extend(settings(&build));
    Ok(dimensions)
}

fn file(text: String) -> Input {
    Input::new("", "a.json", text)
}

fn region(at: usize) -> String {
    if at == 0 { "us-west-2".to_owned() } else { format!("us-west-{}", at + 10) }
}

/// AMIs in as many regions, of an account.
fn amis(n: usize, owner: &str) -> String {
    each(n, ", ", |at| ami(at).replace("us-west-2", &region(at)).replace("123456789012", owner))
}

/// What shows that an image was built.
fn built() -> String {
    let configuration = format!("\"arn\": \"{ARN}infrastructure-configuration/web\", \"name\": \"web\"");
    format!("\"infrastructureConfiguration\": {{{configuration}}}, {}", recipe(""))
}

fn recipe(members: &str) -> String {
    let named = format!("\"arn\": \"{ARN}image-recipe/web/1.0.0\", \"name\": \"web\", \"version\": \"1.0.0\"");
    format!("\"imageRecipe\": {{{named}{members}}}")
}

fn outputs() -> Vec<Dimension> {
    vec![
        dimension("AMIs in all regions", 60, |n| file(image(&distributions(n, 0), &amis(n, "123456789012")))),
        dimension("AMIs of unexpected accounts", 60, |n| file(image(&distributions(n, 1), &amis(n, "333333333333")))),
        dimension("AMIs of unexpected accounts in one region", 60, |n| {
            let amis = each(n, ", ", |at| ami(at).replace("123456789012", &account(at + 5000)));
            file(image(&distributions(1, n), &amis))
        }),
        dimension("target accounts without their AMIs", 60, |n| {
            file(image(&format!("{}, {}", built(), distributions(1, n)), &ami(0)))
        }),
        dimension("distributions without their AMIs", 60, |n| {
            file(image(&format!("{}, {}", built(), distributions(n, 0)), &ami(0)))
        }),
        dimension("container images in all regions", 40, |n| {
            let repository = "\"targetRepository\": {\"service\": \"ECR\", \"repositoryName\": \"web\"}";
            let entries = each(n, ", ", |at| {
                let region = region(at);
                format!("{{\"region\": \"{region}\", \"containerDistributionConfiguration\": {{{repository}}}}}")
            });
            let containers = each(n, ", ", |at| {
                let region = region(at);
                let uri = format!("123456789012.dkr.ecr.{region}.amazonaws.com/web:1.0.0-1");
                format!("{{\"region\": \"{region}\", \"imageUris\": [\"{uri}\"]}}")
            });
            let recipe = format!("\"arn\": \"{ARN}container-recipe/web/1.0.0\", \"name\": \"web\", {repository}");
            file(image(
                &format!(
                    "\"type\": \"DOCKER\", \"containerRecipe\": {{{recipe}}}, \"outputResources\": {{\"containers\": \
                     [{containers}]}}, \"distributionConfiguration\": {{\"arn\": \"{ARN}distribution-configuration/web\", \
                     \"distributions\": [{entries}]}}"
                ),
                "",
            ))
        }),
        dimension("accounts of fast launch", 60, |n| {
            let launches = each(n, ", ", |at| format!("{{\"enabled\": true, \"accountId\": \"{}\"}}", account(n - at)));
            let entries = distributions(1, n).replace(
                "\"region\": \"us-west-2\"",
                &format!("\"region\": \"us-west-2\", \"fastLaunchConfigurations\": [{launches}]"),
            );
            file(image(&entries, &ami(0)))
        }),
        dimension("block devices with a fault", 60, |n| {
            let device = |at| format!("{{\"deviceName\": \"/dev/sd{at}\", \"ebs\": {{\"volumeType\": \"gp9\"}}}}");
            file(image(&recipe(&format!(", \"blockDeviceMappings\": [{}]", each(n, ", ", device))), ""))
        }),
    ]
}

/// Dimensions of what is in one string or one object.
fn strings() -> Vec<Dimension> {
    vec![
        dimension("variables in a name", 60, |n| {
            let name = "{{ imagebuilder:buildDat }} ".repeat(n);
            file(image(&distributions(1, 0).replace("web {{ imagebuilder:buildDate }}", &name), &ami(0)))
        }),
        dimension("variables in a Dockerfile", 60, |n| {
            let template = "FROM {{{ imagebuilder:parentImag }}}\\n".repeat(n);
            let recipe = format!("\"arn\": \"{ARN}container-recipe/web/1.0.0\", \"name\": \"web\"");
            file(format!("{{\"containerRecipe\": {{{recipe}, \"dockerfileTemplateData\": \"{template}\"}}}}"))
        }),
        dimension("actions of a policy", 400, |n| {
            let actions = each(n, ", ", |at| format!("\\\"s3:Get{at}\\\""));
            let statement =
                format!("\\\"Effect\\\": \\\"Allow\\\", \\\"Principal\\\": \\\"*\\\", \\\"Action\\\": [{actions}]");
            let policy = format!("{{\\\"Version\\\": \\\"2012-10-17\\\", \\\"Statement\\\": [{{{statement}}}]}}");
            file(format!("{{\"requestId\": \"a1b2c3d4-5678-90ab-cdef-111122223333\", \"policy\": \"{policy}\"}}"))
        }),
        dimension("members misspelt alike", 100, |n| {
            file(image(&each(n, ", ", |_| "\"osVersio\": \"x\"".to_owned()), ""))
        }),
        dimension("length of a key", 20_000, |n| file(image(&format!("\"{}\": 1", "p".repeat(n)), ""))),
        dimension("secret parameters", 50, |n| {
            let parameter = |at| format!("{{\"name\": \"DbPassword\", \"value\": [\"hunter{at}\"]}}");
            let parameters = each(n, ", ", parameter);
            let component =
                format!("{{\"componentArn\": \"{ARN}component/part/1.0.0/1\", \"parameters\": [{parameters}]}}");
            file(image(&recipe(&format!(", \"components\": [{component}]")), ""))
        }),
    ]
}

/// Dimensions of what is compared with other documents.
fn comparisons(build: &str) -> Vec<Dimension> {
    let build = build.to_owned();
    let arn = |build: &str, at: usize| {
        let arn = build.split('"').find(|text| text.starts_with("arn:")).unwrap_or_default().to_owned();
        numbered(&arn, at)
    };
    let poll = |at: usize| {
        image("", "").replace("web/1.0.0/1", &format!("web/1.0.{at}/1")).replace("1.0.0/1", &format!("1.0.{at}/1"))
    };
    let execution = |at: usize| {
        format!(
            "{{\"workflowExecutionId\": \"wf-0f1e2d3c-4b5a-6978-8796-a5b4c3{at:06x}\", \"workflowBuildVersionArn\": \
             \"arn:aws:imagebuilder:us-west-2:aws:workflow/build/build-image/1.0.0/1\", \"status\": \"FAILED\"}}"
        )
    };
    vec![
        dimension("polls of many images", 10, move |n| file(har(n, |at| poll(at / 2)))),
        dimension("polls that differ", 10, |n| {
            file(har(n, |at| image("", "").replace("\"web\"", &format!("\"web{at}\""))))
        }),
        dimension("entries and their images", 10, move |n| {
            let lines = on_lines(n, |at| {
                let arn = arn(&build, at);
                format!("{{\"image\": {{\"arn\": \"{arn}\", \"name\": \"other\", \"platform\": \"Linux\"}}}}")
            });
            let mut input = Input::new("", "a.jsonl", lines);
            input.files.push(("b.json".to_owned(), list("imageSummaryList", n, |at| numbered(&build, at))));
            input
        }),
        dimension("failed runs for an available image", 50, move |n| {
            let runs = each(n, ", ", execution);
            let list =
                format!("{{\"imageBuildVersionArn\": \"{ARN}image/web/1.0.0/1\", \"workflowExecutions\": [{runs}]}}");
            Input::new("", "a.jsonl", format!("{list}\n{}\n", image("", "")))
        }),
    ]
}

/// Dimensions of findings on one long line.
fn on_one_line(build: &str) -> Vec<Dimension> {
    let line = move |build: &str, n| faulty_builds(&build.lines().map(str::trim_start).collect::<String>(), n);
    let of = |(name, format): (&'static str, &'static str)| {
        let build = build.to_owned();
        dimension(name, 30, move |n| file(line(&build, n)).format(format))
    };
    let accented = build.replacen('{', "{\"osVersion\": \"\u{e9}\", ", 1);
    let formats = [
        ("findings on a line, human", "human"),
        ("findings on a line, html", "html"),
        ("findings on a line, json", "json"),
    ];
    let mut dimensions: Vec<Dimension> = formats.into_iter().map(of).collect();
    dimensions.push(dimension("findings on a line that is not ASCII", 30, move |n| file(line(&accented, n))));
    dimensions
}

fn settings(build: &str) -> Vec<Dimension> {
    let (anywhere, house) = (
        build.to_owned(),
        "[levels]\nunknown-member = \"off\"\n[[house-schema]]\nfile = \"schema.txt\"\nkinds = [\"get-image\"]\n",
    );
    let with_schema = move |text: String, schema: &str| {
        let mut input = file(text).settings(house.to_owned());
        input.files.push(("schema.txt".to_owned(), schema.to_owned()));
        input
    };
    let members = |n| image(&each(n, ", ", |at| format!("\"member{at}\": {at}")), "");
    vec![
        dimension("findings ignored wherever they are", 20, move |n| {
            let ignores = each(n, "\n", |at| {
                format!(
                    "[[ignore]]\nrule = \"enum-value\"\npath = \"*.json\"\npointer = \"/**/{at}/**\"\nreason = \"x\""
                )
            });
            file(faulty_builds(&anywhere, n)).settings(ignores)
        }),
        dimension("files with an ignore each", 20, |n| {
            let ignores =
                each(n, "\n", |at| format!("[[ignore]]\nrule = \"enum-value\"\npath = \"{at}.json\"\nreason = \"x\""));
            let files = (0..n).map(|at| (format!("{at}.json"), image("", "").replace("Linux", "linux")));
            let mut input = file(String::new()).settings(ignores);
            input.files.extend(files);
            input
        }),
        dimension("members that a house schema does not expect", 100, move |n| {
            with_schema(
                members(n),
                r#"{"properties": {"image": {"required": ["arn"], "propertyNames": {"maxLength": 5}}}}"#,
            )
        }),
        dimension("items that a house schema finds fault with", 60, move |n| {
            let amis =
                r#"{"properties": {"amis": {"items": {"required": ["x"], "properties": {"name": {"maxLength": 3}}}}}}"#;
            let schema =
                format!("{{\"properties\": {{\"image\": {{\"properties\": {{\"outputResources\": {amis}}}}}}}}}");
            with_schema(image("", &each(n, ", ", ami)), &schema)
        }),
        dimension("alternatives of a house schema", 60, move |n| {
            let alternatives = each(n, ", ", |at| format!("{{\"required\": [\"m{at}\"]}}"));
            with_schema(image("", ""), &format!("{{\"anyOf\": [{alternatives}]}}"))
        }),
    ]
}
