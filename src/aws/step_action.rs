//! The actions of workflow steps: the stages in which they may run and the maximum timeout of each.

/// An action of a workflow step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StepAction {
    /// The name, such as `RunCommand`.
    pub name: &'static str,
    /// The types of workflows that may use it, as in ARNs; empty where all may.
    pub restricted_to: &'static [&'static str],
    /// The maximum timeout in seconds.
    pub max_timeout: u32,
}

impl StepAction {
    const fn anywhere(name: &'static str, max_timeout: u32) -> Self {
        StepAction { name, restricted_to: &[], max_timeout }
    }

    const fn distributing(name: &'static str, max_timeout: u32) -> Self {
        StepAction { name, restricted_to: &["workflow/distribution"], max_timeout }
    }

    /// The action of that name, which is case-sensitive.
    pub(crate) fn find(name: &str) -> Option<&'static Self> {
        STEP_ACTIONS.iter().find(|action| action.name == name)
    }
}

const HOURS: u32 = 3600;
const DAYS: u32 = 24 * HOURS;

/// Every documented action (user guide: wfdoc-step-actions).
pub(crate) const STEP_ACTIONS: [StepAction; 19] = [
    StepAction::distributing("ApplyImageConfigurations", 12 * HOURS),
    StepAction::anywhere("BootstrapInstanceForContainer", 12 * HOURS),
    StepAction::anywhere("CollectImageMetadata", 12 * HOURS),
    StepAction { name: "CollectImageScanFindings", restricted_to: &["workflow/test"], max_timeout: 12 * HOURS },
    StepAction::anywhere("CreateImage", 3 * DAYS),
    StepAction::anywhere("CreateImageFromIso", 12 * HOURS),
    StepAction::distributing("DistributeContainerImage", 12 * HOURS),
    StepAction::distributing("DistributeImage", 12 * HOURS),
    StepAction { name: "ExecuteComponents", restricted_to: &["workflow/build", "workflow/test"], max_timeout: DAYS },
    StepAction::anywhere("ExecuteStateMachine", DAYS),
    StepAction::anywhere("LaunchInstance", 12 * HOURS),
    StepAction::distributing("ModifyImageAttributes", 3 * HOURS),
    StepAction::anywhere("RegisterImage", 12 * HOURS),
    StepAction::anywhere("RunCommand", 12 * HOURS),
    StepAction::anywhere("RunSysPrep", 12 * HOURS),
    StepAction::anywhere("SanitizeInstance", 12 * HOURS),
    StepAction::anywhere("TerminateInstance", 12 * HOURS),
    StepAction::anywhere("WaitForAction", 7 * DAYS),
    StepAction::anywhere("WaitForSSMAgent", 3 * HOURS),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_found_by_name_and_case() {
        assert_eq!(StepAction::find("WaitForAction").map(|action| action.max_timeout), Some(604_800));
        assert_eq!(StepAction::find("CreateImage").map(|action| action.max_timeout), Some(259_200));
        assert_eq!(StepAction::find("runCommand"), None);
    }
}
