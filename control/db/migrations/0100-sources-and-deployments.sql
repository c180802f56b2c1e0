-- Source archives, deployments (what was asked for), and how far the platform has come with them (observed).

create table ringfort.sources (
  workspace_id uuid not null references ringfort.workspaces (workspace_id),
  digest text not null check (digest ~ '^[0-9a-f]{64}$'),
  size_bytes bigint not null,
  -- Of the newest upload of this content.
  stored_at timestamptz not null default now(),
  primary key (workspace_id, digest)
);

-- The archive is gone when it was removed after it was stored.
create table ringfort.source_removals (
  workspace_id uuid not null,
  digest text not null,
  removed_at timestamptz not null,
  primary key (workspace_id, digest),
  foreign key (workspace_id, digest) references ringfort.sources (workspace_id, digest) on delete cascade
);

create table ringfort.deployments (
  workspace_id uuid not null,
  id uuid primary key,
  environment_id uuid not null,
  -- The order of the requests: a later one supersedes an earlier one.
  sequence bigint generated always as identity,
  kind text not null check (kind in ('source', 'rollback')),
  config jsonb,
  source_digest text,
  -- The release to put back into service.
  target_release_id uuid,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade,
  foreign key (workspace_id, source_digest) references ringfort.sources (workspace_id, digest),
  check ((kind = 'source') = (config is not null and source_digest is not null)),
  check ((kind = 'rollback') = (target_release_id is not null))
);
create index deployments_environment on ringfort.deployments (workspace_id, environment_id, sequence);
create index deployments_source on ringfort.deployments (workspace_id, source_digest);
create index deployments_target on ringfort.deployments (workspace_id, target_release_id);

-- Written once, when everything is built.
create table ringfort.releases (
  workspace_id uuid not null,
  id uuid primary key,
  environment_id uuid not null,
  number integer not null,
  deployment_id uuid not null,
  source_digest text not null,
  config jsonb not null,
  -- Component → digest of its image.
  images jsonb not null,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, environment_id, number),
  unique (workspace_id, deployment_id),
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade,
  foreign key (workspace_id, deployment_id) references ringfort.deployments (workspace_id, id) on delete cascade
);
alter table ringfort.deployments add foreign key (workspace_id, target_release_id)
  references ringfort.releases (workspace_id, id) on delete cascade;

create table ringfort.deployment_progress (
  workspace_id uuid not null,
  deployment_id uuid not null,
  environment_id uuid not null,
  state text not null check (state in
    ('preparing', 'building', 'starting', 'switching', 'draining', 'succeeded', 'failed', 'superseded')),
  message text not null default '',
  release_id uuid,
  -- The generation of the environment's specification that the step waits for.
  awaited_generation bigint not null default 0,
  entered_at timestamptz not null,
  finished_at timestamptz,
  primary key (workspace_id, deployment_id),
  foreign key (workspace_id, deployment_id) references ringfort.deployments (workspace_id, id) on delete cascade,
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade,
  foreign key (workspace_id, release_id) references ringfort.releases (workspace_id, id) on delete cascade
);
create index deployment_progress_environment on ringfort.deployment_progress (workspace_id, environment_id);
create index deployment_progress_release on ringfort.deployment_progress (workspace_id, release_id);

create table ringfort.deployment_builds (
  workspace_id uuid not null,
  deployment_id uuid not null,
  component text not null,
  image text,
  failure text,
  finished_at timestamptz not null,
  primary key (workspace_id, deployment_id, component),
  foreign key (workspace_id, deployment_id) references ringfort.deployments (workspace_id, id) on delete cascade,
  check ((image is null) <> (failure is null))
);

create table ringfort.deployment_events (
  workspace_id uuid not null,
  deployment_id uuid not null,
  sequence bigint generated always as identity,
  at timestamptz not null,
  state text not null,
  line text not null,
  -- Of lines of a build, which may be told again: its component, and its place among the lines of the same millisecond.
  component text,
  ordinal integer,
  primary key (workspace_id, deployment_id, sequence),
  foreign key (workspace_id, deployment_id) references ringfort.deployments (workspace_id, id) on delete cascade
);
create unique index deployment_events_once on ringfort.deployment_events
  (workspace_id, deployment_id, component, at, ordinal) where component is not null;

-- Which releases of an environment run, and how far the newest change of traffic between them is.
create table ringfort.environment_progress (
  workspace_id uuid not null,
  environment_id uuid not null,
  -- Every service that was ever made, as JSON of ServiceSpec[]. See planEnvironmentSpec().
  services jsonb not null default '[]',
  active_release_id uuid,
  candidate_release_id uuid,
  draining_release_id uuid,
  -- The first snapshot that names the active release (or no longer names a removed environment), and when every edge had it.
  switch_version bigint,
  switch_acknowledged_at timestamptz,
  -- The environment is wanted no more: the switch is to a snapshot without it.
  withdrawing boolean not null default false,
  -- A removed environment whose addresses no edge knows any more: the agent may take it away.
  withdrawn_at timestamptz,
  primary key (workspace_id, environment_id),
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade,
  foreign key (workspace_id, active_release_id) references ringfort.releases (workspace_id, id) on delete cascade,
  foreign key (workspace_id, candidate_release_id) references ringfort.releases (workspace_id, id) on delete cascade,
  foreign key (workspace_id, draining_release_id) references ringfort.releases (workspace_id, id) on delete cascade
);
create index environment_progress_active on ringfort.environment_progress (workspace_id, active_release_id);
create index environment_progress_candidate on ringfort.environment_progress (workspace_id, candidate_release_id);
create index environment_progress_draining on ringfort.environment_progress (workspace_id, draining_release_id);

-- The newest specification of each environment. Its generation grows with each change, whatever changed it.
create table ringfort.environment_specs (
  workspace_id uuid not null,
  environment_id uuid not null,
  generation bigint not null,
  -- SHA-256 of the specification without its generation.
  digest text not null,
  spec jsonb not null,
  primary key (workspace_id, environment_id),
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade
);

-- Where workloads listen, signed by the agent, and certificates with keys sealed to the edges.
create table ringfort.environment_addresses (
  workspace_id uuid not null,
  environment_id uuid not null,
  endpoints jsonb not null,
  certificates jsonb not null,
  primary key (workspace_id, environment_id),
  foreign key (workspace_id, environment_id) references ringfort.environments (workspace_id, id) on delete cascade
);

select ringfort.protect_wanted_state(array['sources', 'deployments']);
select ringfort.protect_observed_state(array['source_removals', 'releases', 'deployment_progress', 'deployment_builds',
  'deployment_events', 'environment_progress', 'environment_specs', 'environment_addresses']);
revoke delete on ringfort.sources, ringfort.deployments from ringfort_runtime;
revoke update on ringfort.deployments from ringfort_runtime;
revoke update, delete on ringfort.releases, ringfort.deployment_events, ringfort.deployment_builds from ringfort_reconciler;
revoke select on ringfort.environment_addresses, ringfort.deployment_builds from ringfort_runtime;
