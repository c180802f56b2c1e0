-- What the edges serve. A snapshot spans workspaces, so these tables belong to the reconcilers' role alone.

create table ringfort.edge_snapshots (
  version bigint primary key,
  -- SHA-256 of the content without version and time.
  digest text not null,
  -- EdgeSnapshot as JSON text, as it is sent: a signed text must not be written anew.
  content text not null,
  created_at timestamptz not null default now()
);

-- Survives the snapshots, so that a version is never given twice.
create table ringfort.edge_snapshot_versions (
  singleton boolean primary key default true check (singleton),
  newest bigint not null
);
insert into ringfort.edge_snapshot_versions (newest) values (0);

create table ringfort.edges (
  edge_id text primary key,
  last_seen_at timestamptz not null,
  acked_version bigint not null default 0
);

-- For the platform's own host name: EdgeCertificate as JSON.
create table ringfort.platform_certificates (
  hostname text primary key,
  certificate jsonb not null
);

do $$
  declare name text;
  begin
    foreach name in array array['edge_snapshots', 'edge_snapshot_versions', 'edges', 'platform_certificates'] loop
      execute format('alter table ringfort.%I enable row level security', name);
      execute format('alter table ringfort.%I force row level security', name);
      execute format('create policy reconcilers on ringfort.%I to ringfort_reconciler using (true) with check (true)', name);
      execute format('grant select, insert, update, delete on ringfort.%I to ringfort_reconciler', name);
    end loop;
  end
$$;
revoke insert, delete on ringfort.edge_snapshot_versions from ringfort_reconciler;
