//! What users see: findings for documents, output for command lines. The program runs as a process, and the
//! library through its front door.
//!
//! Golden files and expected findings are rewritten with `BLESS=1 cargo test --test suite`.

mod across;
mod command_line;
mod common;
mod corpus;
mod envelopes;
mod fixes;
mod hostile;
mod kinds;
mod lsp;
mod masks;
mod mutated;
mod mutations;
mod readme;
mod reports;
mod robustness;
mod settings;
mod sources;
mod spellings;
mod streams;
mod wrapped;
