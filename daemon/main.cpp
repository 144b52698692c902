#include "daemon/commands/commands.h"

int main(int argc, char** argv) {
  return driftd::run(argc, argv);
}
