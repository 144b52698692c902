#pragma once

#include <vector>

#include "daemon/judge/judge.h"

namespace driftd {

/// judge() for models (expected) and migrations (actual), of one look. The impact is that of a
/// database which has all migrations, on an app which has these models; what the migrations add and
/// no model needs to know (a check, a default) is less, and so is a unique index in place of a
/// unique constraint, or the reverse, which is one finding. Sentences speak of models and
/// migrations.
void judge_models(Report& report, std::vector<Drift> drifts, Time now);

}  // namespace driftd
