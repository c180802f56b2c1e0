-- What the controls found. Results span workspaces, so these tables belong to the reconcilers' role alone; they are never changed.

create table ringfort.control_results (
  control_id text not null,
  sequence bigint generated always as identity,
  state text not null check (state in ('pass', 'fail', 'unknown')),
  checked_at timestamptz not null,
  -- ControlResult as JSON.
  result jsonb not null,
  previous_hash text not null,
  hash text not null,
  primary key (control_id, sequence),
  -- A fork of the chain cannot be written.
  unique (control_id, previous_hash)
);

-- When a break test saw a control turn red and green again.
create table ringfort.control_proofs (
  control_id text not null,
  proven_at timestamptz not null,
  primary key (control_id, proven_at)
);

do $$
  declare name text;
  begin
    foreach name in array array['control_results', 'control_proofs'] loop
      execute format('alter table ringfort.%I enable row level security', name);
      execute format('alter table ringfort.%I force row level security', name);
      execute format('create policy reconcilers on ringfort.%I to ringfort_reconciler using (true) with check (true)', name);
      execute format('grant select, insert on ringfort.%I to ringfort_reconciler', name);
    end loop;
  end
$$;
