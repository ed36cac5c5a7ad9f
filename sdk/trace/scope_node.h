// What context.cc does when a thread ends.
#pragma once

namespace spoor::trace {

// Leaves the scopes that are open on this thread to whoever holds them, and frees what it kept for later ones.
void AbandonScopes() noexcept;

}  // namespace spoor::trace
