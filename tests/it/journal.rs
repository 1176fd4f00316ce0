//! The journal on real files: what is saved is there, what is there stays, what is damaged is found.

mod append_only;
mod command;
mod find;
mod full;
mod generate;
mod log;
mod power;
mod rebuild;
mod start;
mod support;
mod unkind;
mod verify;
