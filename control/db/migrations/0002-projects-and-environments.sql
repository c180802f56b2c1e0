-- Projects, their environments, what was observed of these, and domains.

create table ringfort.projects (
  workspace_id uuid not null references ringfort.workspaces (workspace_id),
  id uuid primary key,
  -- Across the platform, because it begins a DNS label. That a name is taken may therefore be seen from other workspaces.
  slug text not null constraint projects_slug_unique unique,
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table ringfort.environments (
  workspace_id uuid not null,
  id uuid primary key,
  project_id uuid not null,
  slug text not null,
  -- `<project>-<environment>`: `a-b` with `c` and `a` with `b-c` would share it.
  label text not null,
  stage text not null check (stage in ('development', 'test', 'staging', 'production')),
  criticality text not null check (criticality in ('critical', 'noncritical')),
  region text not null,
  throwaway boolean not null,
  -- `removed` is a tombstone: it stays until the project goes, so that the agent can be told again.
  wanted text not null default 'present' check (wanted in ('present', 'removed')),
  created_at timestamptz not null default now(),
  removed_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, project_id) references ringfort.projects (workspace_id, id) on delete cascade
);
create index environments_project on ringfort.environments (workspace_id, project_id);
create unique index environments_slug_unique on ringfort.environments (workspace_id, project_id, slug)
  where wanted = 'present';
create unique index environments_label_unique on ringfort.environments (label) where wanted = 'present';

-- What the agent told last. `removed_at`: it has confirmed that nothing is left.
create table ringfort.environment_observations (
  workspace_id uuid not null,
  environment_id uuid not null,
  observed_at timestamptz,
  generation bigint not null default 0,
  applied_generation bigint not null default 0,
  message text not null default '',
  workloads jsonb not null default '[]',
  removed_at timestamptz,
  primary key (workspace_id, environment_id),
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade
);

create table ringfort.domains (
  workspace_id uuid not null,
  environment_id uuid not null,
  hostname text not null,
  challenge text not null,
  created_at timestamptz not null default now(),
  proven_at timestamptz,
  primary key (workspace_id, environment_id, hostname),
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade
);
-- Anybody may claim a name; one environment of the platform can prove it.
create unique index domains_proven_unique on ringfort.domains (hostname) where proven_at is not null;

select ringfort.protect_wanted_state(array['projects', 'environments', 'domains']);
select ringfort.protect_observed_state(array['environment_observations']);
