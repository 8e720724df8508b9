//! The `imagelint` command.

fn main() -> std::process::ExitCode {
    imagelint::main()
}
