//! Values of options of the AWS CLI that are lists: arrays of objects that are one document, not an array of documents.

use crate::document::Value;

/// An option whose value is a list of objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ListOption {
    /// `--components`.
    Components,
    /// `--block-device-mappings`.
    BlockDeviceMappings,
    /// `--distributions`.
    Distributions,
    /// `--workflows`.
    Workflows,
    /// `--policy-details`.
    PolicyDetails,
}

impl ListOption {
    /// The option that an array is the value of: every item that is not empty has the members that show it.
    pub(crate) fn of(array: Value<'_>) -> Option<Self> {
        const ALL: [ListOption; 5] = [
            ListOption::Components,
            ListOption::BlockDeviceMappings,
            ListOption::Distributions,
            ListOption::Workflows,
            ListOption::PolicyDetails,
        ];
        let first = array.items().find(|item| item.members().next().is_some()).filter(|_| array.is_array())?;
        let option = ALL.into_iter().find(|option| option.is_of(first))?;
        let is_empty = |item: Value<'_>| item.is_object() && item.members().next().is_none();
        array.items().all(|item| option.is_of(item) || is_empty(item)).then_some(option)
    }

    /// Whether an object is an item of the list.
    fn is_of(self, item: Value<'_>) -> bool {
        let has = |name: &str| item.member(name).is_some();
        let has_any = |names: &[&str]| names.iter().any(|name| has(name));
        let is_object = |name: &str| item.member(name).is_some_and(|member| member.value().is_object());
        // Other services have ARNs under such names, too.
        let names_own = |name: &str| {
            let arn = item.member(name).and_then(|member| member.value().text());
            has(name) && arn.is_none_or(|arn| !arn.starts_with("arn:") || arn.contains(":imagebuilder:"))
        };
        match self {
            // Answers and entries of lists name what they are about, too.
            ListOption::Components => names_own("componentArn") && !has_any(&["requestId", "clientToken", "policy"]),
            ListOption::BlockDeviceMappings => has("deviceName") && has_any(&["ebs", "virtualName", "noDevice"]),
            ListOption::Distributions => has("region") && has_any(&DISTRIBUTED),
            ListOption::Workflows => names_own("workflowArn") && !has_any(&["requestId", "workflowExecutionId"]),
            ListOption::PolicyDetails => is_object("action") && is_object("filter"),
        }
    }
}

/// What a distribution does in its Region.
const DISTRIBUTED: [&str; 7] = [
    "amiDistributionConfiguration",
    "containerDistributionConfiguration",
    "fastLaunchConfigurations",
    "launchTemplateConfigurations",
    "licenseConfigurationArns",
    "s3ExportConfiguration",
    "ssmParameterConfigurations",
];
