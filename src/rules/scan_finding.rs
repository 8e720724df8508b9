//! Findings of vulnerability scans: their enumerated texts, dates, scores and accounts.

use crate::model::typed::shapes::{
    CvssScore, CvssScoreDetails, ImageScanFinding, NonNegativeDouble, PackageVulnerabilityDetails,
};
use crate::rule::prelude::*;
use crate::rules::view::arn::image_builder_arn;
use crate::rules::view::date::{formatted, is_before};
use crate::rules::view::source::IMAGE_DETAILS;

pub(super) static RULES: &[&Check] = &[
    &FINDING_SEVERITY,
    &FINDING_TYPE,
    &FINDING_FIX_AVAILABLE,
    &FINDING_TIME_ORDER,
    &FINDING_SCORE_RANGE,
    &FINDING_ACCOUNT,
    &FINDING_CVSS_VECTOR,
];

const FINDING: &str = "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_ImageScanFinding.html";
const INSPECTOR: &str = "https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html";

/// A member whose text is not an allowed one; an empty text is reported by `string-length`.
fn unknown<'d>(
    finding: Node<'d, ImageScanFinding>,
    member: Slot<ImageScanFinding>,
    allowed: &[&str],
) -> Option<(Node<'d>, &'d str)> {
    let node = finding.get_in(member)?;
    let text = node.text().filter(|text| !text.is_empty() && !allowed.contains(text))?;
    Some((node, text))
}

static FINDING_SEVERITY: Check = Check {
    rule: &Rule {
        name: "finding-severity",
        level: Level::Warning,
        summary: "a finding's severity is one of Amazon Inspector's",
        why: "The service model takes any text, but severities come from Amazon Inspector, which has six. What the \
              vendor calls it stands in `vendorSeverity`.",
        help: "severities are UNTRIAGED, INFORMATIONAL, LOW, MEDIUM, HIGH and CRITICAL",
        source: &[IMAGE_DETAILS, INSPECTOR, "service model: ImageScanFinding.severity"],
        fixes: Rule::SAFELY,
        ..Rule::BASE
    },
    on: &Each::<ImageScanFinding>(|finding, cx| {
        const SEVERITIES: [&str; 6] = ["UNTRIAGED", "INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"];
        if let Some((node, text)) = unknown(finding, Slot::of(member::Severity), &SEVERITIES) {
            let near = SEVERITIES.into_iter().find(|severity| severity.eq_ignore_ascii_case(text));
            let fix = near.map(|near| Fix::safe(format!("write `{near}`"), node.span(), format!("\"{near}\"")));
            let expected = near.map_or_else(|| "one of Amazon Inspector's".to_owned(), |near| format!("`{near}`"));
            cx.report(node, format!("severity `{}`; {expected} was expected", quoted(text))).fix(fix);
        }
    }),
};

static FINDING_TYPE: Check = Check {
    rule: &Rule {
        name: "finding-type",
        level: Level::Warning,
        summary: "a finding's type is PACKAGE_VULNERABILITY",
        why: "Amazon Inspector has findings of other types too; Image Builder leaves those out.",
        help: "the finding was taken from Amazon Inspector, or edited",
        source: &[FINDING, "service model: ImageScanFinding.type"],
        ..Rule::BASE
    },
    on: &Each::<ImageScanFinding>(|finding, cx| {
        if let Some((node, text)) = unknown(finding, Slot::of(member::Type), &["PACKAGE_VULNERABILITY"]) {
            cx.report(node, format!("type `{}`; `PACKAGE_VULNERABILITY` was expected", quoted(text)));
        }
    }),
};

static FINDING_FIX_AVAILABLE: Check = Check {
    rule: &Rule {
        name: "finding-fix-available",
        level: Level::Warning,
        summary: "`fixAvailable` is YES, NO or PARTIAL",
        why: "The service model takes any text, but the word comes from Amazon Inspector, which has these three.",
        help: "write YES, NO or PARTIAL",
        source: &[FINDING, INSPECTOR, "service model: ImageScanFinding.fixAvailable"],
        ..Rule::BASE
    },
    on: &Each::<ImageScanFinding>(|finding, cx| {
        if let Some((node, text)) = unknown(finding, Slot::of(member::FixAvailable), &["YES", "NO", "PARTIAL"]) {
            cx.report(node, format!("`fixAvailable` is `{}`; `YES`, `NO` or `PARTIAL` was expected", quoted(text)));
        }
    }),
};

static FINDING_TIME_ORDER: Check = Check {
    rule: &Rule {
        name: "finding-time-order",
        level: Level::Warning,
        summary: "nothing is updated before it is observed or created",
        why: "A finding is updated when it is observed again, and a vendor's entry after it was made. That follows \
              from the words; no page states it.",
        help: "one of the two dates was edited",
        source: &[
            "derived: what is updated was there before; in every published finding the dates are in this order",
            "service model: ImageScanFinding.updatedAt",
            "service model: PackageVulnerabilityDetails.vendorUpdatedAt",
        ],
        ..Rule::BASE
    },
    on: &Each::<(ImageScanFinding, PackageVulnerabilityDetails)>(|node, cx| {
        let node = node.any();
        let (earlier, later) = if let Some(finding) = node.cast::<ImageScanFinding>() {
            (finding.get(member::FirstObservedAt), finding.get(member::UpdatedAt))
        } else if let Some(details) = node.cast::<PackageVulnerabilityDetails>() {
            (details.get(member::VendorCreatedAt), details.get(member::VendorUpdatedAt))
        } else {
            return;
        };
        if let (Some(earlier), Some(later)) = (earlier, later)
            && is_before(later, earlier)
        {
            let (first, second) = (earlier.member(), later.member());
            let message = format!("`{second}` {} precedes `{first}` {}", formatted(later), formatted(earlier));
            cx.report(later, message).says("updated").label(earlier.span(), "not yet there");
        }
    }),
};

static FINDING_SCORE_RANGE: Check = Check {
    rule: &Rule {
        name: "finding-score-range",
        level: Level::Warning,
        summary: "scores end at 10",
        why: "CVSS scores, and the score of Amazon Inspector made from them, run from 0 to 10. The service model has \
              no upper limit.",
        help: "the score was edited",
        source: &[
            "https://www.first.org/cvss/v3.1/specification-document",
            "derived: Amazon Inspector's own score is a CVSS score adjusted to the environment",
            "service model: NonNegativeDouble",
        ],
        ..Rule::BASE
    },
    on: &Each::<NonNegativeDouble>(|score, cx| {
        let Some(number) = score.number() else {
            return;
        };
        if number.parse::<f64>().is_ok_and(|value| value > 10.0) {
            cx.report(score, format!("`{}` is {}; scores end at 10", score.member(), quoted(number)));
        }
    }),
};

static FINDING_ACCOUNT: Check = Check {
    rule: &Rule {
        name: "finding-account",
        level: Level::Warning,
        summary: "a finding's account is that of its image",
        why: "Image Builder keeps the findings of a scan in the account that builds the image. No page says so, but \
              every published finding has the account of its image.",
        help: "one of the two was edited",
        source: &[
            "observed: in every published finding both accounts are equal",
            "service model: ImageScanFinding.awsAccountId",
        ],
        ..Rule::BASE
    },
    on: &Each::<ImageScanFinding>(|finding, cx| {
        let (Some(account), Some(image)) =
            (finding.get(member::AwsAccountId), finding.get(member::ImageBuildVersionArn))
        else {
            return;
        };
        let Some((arn, _)) = image_builder_arn(image, cx).filter(|(arn, _)| arn.is_customers()) else {
            return;
        };
        if let Some(text) = account.text().filter(|text| !text.is_empty() && *text != arn.account) {
            let message = format!("finding of account `{}` for an image of `{}`", quoted(text), arn.account);
            cx.report(account, message).label(image.slice(arn.account), "the image's account");
        }
    }),
};

static FINDING_CVSS_VECTOR: Check = Check {
    rule: &Rule {
        name: "finding-cvss-vector",
        level: Level::Info,
        pedantic: true,
        summary: "a CVSS vector is of the version beside it",
        why: "Since 3.0 a vector starts with its version; the vectors of 2.0 rate authentication, `Au`, instead. A \
              score is read by the rules of its version.",
        help: "one of the two was edited",
        source: &[
            "https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_CvssScore.html",
            "service model: CvssScore.scoringVector",
        ],
        ..Rule::BASE
    },
    on: &Each::<(CvssScore, CvssScoreDetails)>(|score, cx| {
        let (Some(vector), Some(version)) = (score.get(member::ScoringVector), score.get(member::Version)) else {
            return;
        };
        let written = version.text().filter(|text| !text.is_empty());
        let (Some(written), Some(found)) = (written, vector.text().and_then(vector_version)) else {
            return;
        };
        if without_minor_zero(written) != without_minor_zero(found) {
            let message = format!("`version` is `{}`, but the vector is one of CVSS {found}", quoted(written));
            cx.report(version, message).label(vector.span(), "the vector");
        }
    }),
};

/// The version of CVSS that a vector is for, if the vector shows it.
fn vector_version(vector: &str) -> Option<&str> {
    match vector.strip_prefix("CVSS:") {
        Some(rest) => Some(rest.split_once('/')?.0),
        None => vector.contains("/Au:").then_some("2.0"),
    }
}

/// A version without the `.0` that some sources leave out.
fn without_minor_zero(version: &str) -> &str {
    version.strip_suffix(".0").unwrap_or(version)
}
