// The program `spoor`.
#include "app/commands.h"

int main(int argc, char** argv) { return spoor::RunCommand({argv + 1, argv + argc}); }
