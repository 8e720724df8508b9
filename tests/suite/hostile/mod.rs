//! Hostile inputs and machines. `docs/reliability.md` promises what the program does in each situation, and names the
//! test here that holds it.

mod documents;
mod limits;
mod streams;
mod writes;
