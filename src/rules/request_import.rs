//! Requests for imports, and the documents that requests hold or name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::aws::resource_id::fault;
use crate::document::{Document, Value};
use crate::model::typed::shapes::{
    CreateComponentRequest, CreateContainerRecipeRequest, CreateWorkflowRequest, ImportComponentRequest,
    ImportDiskImageRequest, ImportVmImageRequest, PutComponentPolicyRequest, PutContainerRecipePolicyRequest,
    PutImagePolicyRequest, PutImageRecipePolicyRequest, RegisterImageOptions,
};
use crate::rule::prelude::*;

pub(super) static RULES: &[&Check] = &[
    &DOCUMENT_SOURCE_EXCLUSIVE,
    &DOCKERFILE_SOURCE_EXCLUSIVE,
    &S3_URI_FORM,
    &IMPORT_LOG_GROUP,
    &IMPORT_TASK_ID,
    &IMPORT_ISO_URI,
    &UEFI_DATA_SECURE_BOOT,
    &UEFI_DATA_BASE64,
    &POLICY_RESOURCE_MATCH,
];

/// Reports that of two members that exclude each other both are there, or neither.
fn check_exclusive<'d>(
    holder: Node<'d>,
    [(one, one_name), (other, other_name)]: [(Option<Node<'d>>, &str); 2],
    cx: &mut Reporter<'_, 'd>,
) {
    match (one, other) {
        (Some(one), Some(other)) => {
            let message = format!("`{one_name}` and `{other_name}` exclude each other; one of them was expected");
            let finding = cx.report(holder, message).at(one.key_span());
            finding.label(other.key_span(), "and this");
        }
        // A record may lack what its call had.
        (None, None) if !cx.is_recorded() => {
            let message = format!("there is neither `{one_name}` nor `{other_name}`; one of them was expected");
            cx.report(holder, message).at(holder.heading());
        }
        _ => {}
    }
}

static DOCUMENT_SOURCE_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "document-source-exclusive",
        summary: "the document of a component or workflow is in the request or in S3",
        why: "`data` holds the document, `uri` says where it is. The service takes one of the two.",
        help: "keep the one that is meant",
        source: &["service model: CreateComponentRequest.data", "service model: CreateWorkflowRequest.data"],
        ..Rule::BASE
    },
    on: &Each::<(CreateComponentRequest, ImportComponentRequest, CreateWorkflowRequest)>(|request, cx| {
        let [data, uri] = [request.get_if_any(member::Data), request.get_if_any(member::Uri)];
        check_exclusive(request.any(), [(data, "data"), (uri, "uri")], cx);
    }),
};

static DOCKERFILE_SOURCE_EXCLUSIVE: Check = Check {
    rule: &Rule {
        name: "dockerfile-source-exclusive",
        summary: "the Dockerfile template is in the request or in S3",
        why: "`dockerfileTemplateData` holds the template, `dockerfileTemplateUri` says where it is. A container recipe \
              has one of the two.",
        help: "keep the one that is meant",
        source: &[
            "service model: CreateContainerRecipeRequest.dockerfileTemplateData",
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CreateContainerRecipe.html",
        ],
        ..Rule::BASE
    },
    on: &Each::<CreateContainerRecipeRequest>(|request, cx| {
        let [data, uri] = [
            request.get(member::DockerfileTemplateData).map(Node::any),
            request.get(member::DockerfileTemplateUri).map(Node::any),
        ];
        check_exclusive(request.any(), [(data, "dockerfileTemplateData"), (uri, "dockerfileTemplateUri")], cx);
    }),
};

static S3_URI_FORM: Check = Check {
    rule: &Rule {
        name: "s3-uri-form",
        summary: "what is read from S3 is named by s3://, a bucket and a key",
        why: "The service reads documents and disks from S3 and takes no other address of them: no https, no bucket \
              without a key.",
        help: "write s3://<bucket>/<key>",
        source: &["service model: CreateComponentRequest.uri"],
        ..Rule::BASE
    },
    on: &Each::<(
        CreateComponentRequest,
        ImportComponentRequest,
        CreateWorkflowRequest,
        CreateContainerRecipeRequest,
        ImportDiskImageRequest,
    )>(|request, cx| {
        let uri = request.get_if_any(member::Uri).or_else(|| request.get_if_any(member::DockerfileTemplateUri));
        let Some((node, text)) = uri.and_then(|node| Some((node, node.text()?))) else {
            return;
        };
        let path = text.strip_prefix("s3://").and_then(|rest| rest.split_once('/'));
        let is_fit = path.is_some_and(|(bucket, key)| !bucket.is_empty() && !key.is_empty());
        // A file of the command line is reported by `cli-file-reference`.
        if !is_fit && !text.starts_with("file") {
            let message = format!("`{}` is `{}`; s3://, a bucket and a key were expected", node.member(), quoted(text));
            cx.report(node, message);
        }
    }),
};

static IMPORT_LOG_GROUP: Check = Check {
    rule: &Rule {
        name: "import-log-group",
        summary: "an import of a virtual machine logs below /aws/imagebuilder/",
        why: "The import acts with the service-linked role, which writes to log groups below /aws/imagebuilder/ only.",
        help: "move the log group below /aws/imagebuilder/",
        source: &["service model: ImportVmImageRequest.loggingConfiguration"],
        ..Rule::BASE
    },
    on: &Each::<ImportVmImageRequest>(|request, cx| {
        let group =
            request.get(member::LoggingConfiguration).and_then(|logging| logging.get_with_text(member::LogGroupName));
        if let Some((node, name)) =
            group.filter(|(_, name)| !name.is_empty() && !name.starts_with("/aws/imagebuilder/"))
        {
            cx.report(node, format!("log group `{}` of an import is not below `/aws/imagebuilder/`", quoted(name)));
        }
    }),
};

static IMPORT_TASK_ID: Check = Check {
    rule: &Rule {
        name: "import-task-id",
        level: Level::Warning,
        summary: "the id of an import task is `import-ami-` and 8 or 17 hexadecimal digits",
        why: "ImportVmImage takes up a task of EC2's ImportImage, which has an id of that form.",
        help: "copy the id that `aws ec2 import-image` answered",
        source: &[
            "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportImage.html",
            "service model: ImportVmImageRequest.vmImportTaskId",
        ],
        ..Rule::BASE
    },
    on: &Each::<ImportVmImageRequest>(|request, cx| {
        if let Some((node, text)) = request.get_with_text(member::VmImportTaskId)
            && !text.is_empty()
            && fault(text, "import-ami-").is_some()
        {
            let message =
                format!("`vmImportTaskId` is `{}`; `import-ami-` and 8 or 17 digits were expected", quoted(text));
            cx.report(node, message);
        }
    }),
};

static IMPORT_ISO_URI: Check = Check {
    rule: &Rule {
        name: "import-iso-uri",
        summary: "ImportDiskImage imports a file whose name ends in .iso",
        why: "The operation reads ISO disk files; their keys end in `.iso`, `.ISO` or `.Iso`.",
        help: "name the ISO file in S3",
        source: &["service model: ImportDiskImageRequest.uri"],
        outranks: &[S3_URI_FORM.rule],
        ..Rule::BASE
    },
    on: &Each::<ImportDiskImageRequest>(|request, cx| {
        if let Some((node, text)) = request.get_with_text(member::Uri)
            && !text.is_empty()
            && ![".iso", ".ISO", ".Iso"].iter().any(|end| text.ends_with(end))
        {
            cx.report(node, format!("`uri` is `{}`; a key that ends in `.iso` was expected", quoted(text)));
        }
    }),
};

static UEFI_DATA_SECURE_BOOT: Check = Check {
    rule: &Rule {
        name: "uefi-data-secure-boot",
        summary: "UEFI data goes with secure boot",
        why: "The data holds the keys of secure boot, so it is refused where secure boot is turned off.",
        help: "drop `uefiData`, or set `secureBootEnabled` to true",
        source: &["service model: RegisterImageOptions.uefiData"],
        ..Rule::BASE
    },
    on: &Each::<RegisterImageOptions>(|options, cx| {
        let off = options.get(member::SecureBootEnabled).filter(|enabled| enabled.boolean() == Some(false));
        if let (Some(off), Some(data)) = (off, options.get(member::UefiData)) {
            let message = "`uefiData` is given although `secureBootEnabled` is `false`";
            cx.report(data, message).at(data.key_span()).label(off.span(), "secure boot is off");
        }
    }),
};

static UEFI_DATA_BASE64: Check = Check {
    rule: &Rule {
        name: "uefi-data-base64",
        level: Level::Warning,
        summary: "UEFI data is base64",
        why: "The service takes the data that `get-instance-uefi-data` prints, which is base64 with its padding.",
        help: "encode the contents of the file",
        source: &["service model: RegisterImageOptions.uefiData"],
        ..Rule::BASE
    },
    on: &Each::<RegisterImageOptions>(|options, cx| {
        if let Some((node, text)) = options.get_with_text(member::UefiData)
            && !text.starts_with("file")
            && STANDARD.decode(text).is_err()
        {
            cx.report(node, "`uefiData` is not base64 with its padding").at(node.key_span());
        }
    }),
};

static POLICY_RESOURCE_MATCH: Check = Check {
    rule: &Rule {
        name: "policy-resource-match",
        level: Level::Warning,
        summary: "a policy is about the resource that it is put on",
        why: "A statement allows actions on what its `Resource` names. Where none names the resource that the policy is \
              put on, the policy allows nothing.",
        help: "name the resource's own ARN in `Resource`",
        source: &["https://docs.aws.amazon.com/imagebuilder/latest/userguide/manage-shared-resources.html"],
        ..Rule::BASE
    },
    on: &Each::<(
        PutImagePolicyRequest,
        PutComponentPolicyRequest,
        PutImageRecipePolicyRequest,
        PutContainerRecipePolicyRequest,
    )>(|request, cx| {
        let arns = [
            request.get_if_any(member::ImageArn),
            request.get_if_any(member::ComponentArn),
            request.get_if_any(member::ImageRecipeArn),
            request.get_if_any(member::ContainerRecipeArn),
        ];
        let own = arns.into_iter().flatten().find_map(|node| Some((node, node.text()?)));
        let (Some((own, arn)), Some((policy, text))) = (own, request.get_with_text(member::Policy)) else {
            return;
        };
        let inner = Document::parse(text);
        let Some(statements) = inner.root().and_then(|root| root.member("Statement")) else {
            return;
        };
        let resources: Vec<&str> = each(statements.value())
            .filter_map(|statement| statement.member("Resource"))
            .flat_map(|resource| each(resource.value()).collect::<Vec<_>>())
            .filter_map(Value::text)
            .collect();
        if !resources.is_empty() && !resources.iter().any(|resource| covers(resource, arn)) {
            let message = format!("no statement of `policy` has the resource `{}` that it is put on", quoted(arn));
            cx.report(policy, message).at(policy.key_span()).label(own.span(), "put on this");
        }
    }),
};

/// The items of an array, or a value that stands alone.
fn each(value: Value<'_>) -> impl Iterator<Item = Value<'_>> {
    let alone = (!value.is_array()).then_some(value);
    alone.into_iter().chain(value.items())
}

/// Whether a resource of a policy, with `*` for any text and `?` for a character, covers an ARN.
fn covers(pattern: &str, arn: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let fits = |part: &str, text: &str| {
        part.len() == text.len() && part.bytes().zip(text.bytes()).all(|(one, other)| one == b'?' || one == other)
    };
    if !arn.get(..first.len()).is_some_and(|start| fits(first, start)) {
        return false;
    }
    let mut rest = &arn[first.len()..];
    let mut last = None;
    for part in parts {
        last = Some(part);
        let found = (0..=rest.len()).find(|at| rest.get(*at..at + part.len()).is_some_and(|text| fits(part, text)));
        match found {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    match last {
        None => rest.is_empty(),
        Some("") => true,
        Some(part) => arn.get(arn.len() - part.len()..).is_some_and(|end| fits(part, end)),
    }
}
