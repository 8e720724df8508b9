//! The language server: a client of ours speaks the protocol with the program.

mod actions;
mod client;
mod diagnostics;
mod lifecycle;
mod random;
mod words;

use serde_json::Value;

/// The rules of diagnostics, in their order.
fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().expect("a rule")).collect()
}

/// A capture with one finding that has a safe fix, `enum-value-case`, and one that has none.
const FAULTY: &str = "{\n  \"requestId\": \"a1b2c3d4-5678-90ab-cdef-EXAMPLE11111\",\n  \"image\": {\n    \
                      \"arn\": \"arn:aws:imagebuilder:us-west-2:123456789012:image/web/1.0.0/1\",\n    \
                      \"Platform\": \"Linux\",\n    \"state\": { \"status\": \"BUILDNG\" }\n  }\n}\n";
