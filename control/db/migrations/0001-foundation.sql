-- What everything else stands on: who may act, the audit log, and the two walls of the database (row-level security and
-- the write trigger). Runs as ringfort_owner, after the roles were made.

create schema ringfort;
revoke all on schema ringfort from public;
grant usage on schema ringfort to ringfort_runtime, ringfort_reconciler;
alter default privileges revoke execute on functions from public;

-- The workspace of the transaction. It hides other workspaces; it proves nothing, because any session can set it.
create function ringfort.current_workspace() returns uuid
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select nullif(current_setting('ringfort.workspace', true), '')::uuid $$;

create function ringfort.current_actor() returns uuid
  language sql stable parallel safe set search_path = pg_catalog, pg_temp
  as $$ select nullif(current_setting('ringfort.actor', true), '')::uuid $$;

grant execute on function ringfort.current_workspace(), ringfort.current_actor() to ringfort_runtime, ringfort_reconciler;

create table ringfort.workspaces (
  workspace_id uuid primary key,
  slug text not null unique,
  -- Made for break tests: only here may an environment be marked as throw-away.
  throwaway boolean not null default false,
  created_at timestamptz not null default now()
);

-- The audit log. Nobody inserts into it but record_audit_event() and record_denial(); see the triggers below.
create table ringfort.audit_events (
  workspace_id uuid not null references ringfort.workspaces (workspace_id) deferrable initially deferred,
  id uuid not null,
  at timestamptz not null default now(),
  actor_id uuid,
  actor_name text not null,
  action text not null,
  outcome text not null check (outcome in ('allowed', 'denied')),
  subject text not null,
  before jsonb,
  after jsonb,
  request_id uuid,
  -- The transaction that wrote it, so that a write of that transaction counts as audited and no other does.
  transaction_id xid8 not null default pg_current_xact_id(),
  primary key (workspace_id, id)
);
create index audit_events_transaction on ringfort.audit_events (workspace_id, transaction_id);
create index audit_events_denied on ringfort.audit_events (workspace_id, actor_id, at) where outcome = 'denied';

-- Denied attempts beyond those that are listed one by one, so that nobody can fill the disk by being refused.
create table ringfort.denial_counts (
  workspace_id uuid not null references ringfort.workspaces (workspace_id),
  actor_id uuid not null,
  hour timestamptz not null,
  attempts bigint not null,
  primary key (workspace_id, actor_id, hour)
);

-- `workspace_id` is where the actor belongs; grants say where else it may act.
create table ringfort.actors (
  workspace_id uuid not null references ringfort.workspaces (workspace_id),
  id uuid primary key,
  name text not null,
  kind text not null check (kind in ('administrator', 'token')),
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table ringfort.grants (
  workspace_id uuid not null references ringfort.workspaces (workspace_id),
  actor_workspace_id uuid not null,
  actor_id uuid not null,
  permissions text[] not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, actor_id),
  foreign key (actor_workspace_id, actor_id) references ringfort.actors (workspace_id, id) on delete cascade
);
create index grants_actor on ringfort.grants (actor_workspace_id, actor_id);

-- Permissions that belong to no workspace. Written by the owner role alone.
create table ringfort.platform_grants (
  workspace_id uuid not null,
  actor_id uuid not null,
  permissions text[] not null,
  primary key (workspace_id, actor_id),
  foreign key (workspace_id, actor_id) references ringfort.actors (workspace_id, id) on delete cascade
);

create table ringfort.tokens (
  workspace_id uuid not null,
  id uuid primary key,
  actor_id uuid not null,
  name text not null,
  -- Of the token's whole text. The text has 256 random bits, so a fast digest is enough.
  sha256 bytea not null unique check (length(sha256) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, actor_id) references ringfort.actors (workspace_id, id) on delete cascade
);
create index tokens_actor on ringfort.tokens (workspace_id, actor_id);

-- Observed: written by authenticate(), at most once a minute for a token.
create table ringfort.token_uses (
  workspace_id uuid not null,
  token_id uuid not null,
  last_used_at timestamptz not null,
  primary key (workspace_id, token_id),
  foreign key (workspace_id, token_id) references ringfort.tokens (workspace_id, id) on delete cascade
);

-- Answers of requests that carried an Idempotency-Key. They belong to the actor, not to a workspace.
create table ringfort.idempotency_keys (
  actor_id uuid not null references ringfort.actors (id) on delete cascade,
  route text not null,
  key text not null,
  request_sha256 bytea not null,
  status integer not null,
  answer jsonb,
  answer_kept boolean not null,
  created_at timestamptz not null default now(),
  primary key (actor_id, route, key)
);
create index idempotency_keys_age on ringfort.idempotency_keys (created_at);

-- The second wall. A write counts as audited when this very transaction has recorded that it was allowed, in the same
-- workspace. The transaction's number and its start are compared: numbers repeat after a restore into another cluster.
create function ringfort.is_audited(workspace uuid) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$
    select exists (
      select from ringfort.audit_events
      where workspace_id = workspace and transaction_id = pg_current_xact_id_if_assigned()
        and at = now() and outcome = 'allowed'
    )
  $$;

create function ringfort.refuse_unaudited_write() returns trigger
  language plpgsql security definer set search_path = pg_catalog, pg_temp
  as $$
    begin
      if tg_op = 'TRUNCATE' then
        raise exception 'table % cannot be truncated', tg_table_name using errcode = 'RF001';
      end if;
      if tg_op <> 'INSERT' and not ringfort.is_audited(old.workspace_id) then
        raise exception 'write on % outside an operation', tg_table_name using errcode = 'RF001';
      end if;
      if tg_op <> 'DELETE' and not ringfort.is_audited(new.workspace_id) then
        raise exception 'write on % outside an operation', tg_table_name using errcode = 'RF001';
      end if;
      return case when tg_op = 'DELETE' then old else new end;
    end
  $$;

-- Gives a table of wanted state both walls. Every later migration calls it for each table that it makes.
create function ringfort.protect_wanted_state(tables text[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
    declare name text;
    begin
      foreach name in array tables loop
        execute format('alter table ringfort.%I enable row level security', name);
        execute format('alter table ringfort.%I force row level security', name);
        execute format('create policy workspace on ringfort.%I using (workspace_id = ringfort.current_workspace())
          with check (workspace_id = ringfort.current_workspace())', name);
        execute format('create trigger audited before insert or update or delete on ringfort.%I
          for each row execute function ringfort.refuse_unaudited_write()', name);
        execute format('create trigger never_truncated before truncate on ringfort.%I
          for each statement execute function ringfort.refuse_unaudited_write()', name);
        execute format('grant select, insert, update, delete on ringfort.%I to ringfort_runtime', name);
        execute format('grant select on ringfort.%I to ringfort_reconciler', name);
      end loop;
    end
  $$;

-- Gives a table of observed state its wall: the reconcilers write it, the runtime role reads it.
create function ringfort.protect_observed_state(tables text[]) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
    declare name text;
    begin
      foreach name in array tables loop
        execute format('alter table ringfort.%I enable row level security', name);
        execute format('alter table ringfort.%I force row level security', name);
        execute format('create policy workspace on ringfort.%I using (workspace_id = ringfort.current_workspace())
          with check (workspace_id = ringfort.current_workspace())', name);
        execute format('grant select on ringfort.%I to ringfort_runtime', name);
        execute format('grant select, insert, update, delete on ringfort.%I to ringfort_reconciler', name);
      end loop;
    end
  $$;

select ringfort.protect_wanted_state(array['workspaces', 'actors', 'grants', 'tokens', 'platform_grants']);
revoke insert, update, delete on ringfort.platform_grants from ringfort_runtime;
revoke delete on ringfort.workspaces from ringfort_runtime;
revoke all on ringfort.actors, ringfort.tokens, ringfort.grants, ringfort.platform_grants from ringfort_reconciler;

select ringfort.protect_observed_state(array['token_uses', 'audit_events', 'denial_counts']);
revoke all on ringfort.token_uses, ringfort.audit_events, ringfort.denial_counts from ringfort_reconciler;

-- An actor is seen where it belongs and where it has a grant.
drop policy workspace on ringfort.actors;
create policy workspace on ringfort.actors
  using (
    workspace_id = ringfort.current_workspace()
    or exists (select from ringfort.grants where grants.actor_id = actors.id)
  )
  with check (workspace_id = ringfort.current_workspace());

alter table ringfort.idempotency_keys enable row level security;
alter table ringfort.idempotency_keys force row level security;
create policy actor on ringfort.idempotency_keys using (actor_id = ringfort.current_actor())
  with check (actor_id = ringfort.current_actor());
create policy expired on ringfort.idempotency_keys to ringfort_reconciler
  using (created_at < now() - interval '24 hours') with check (false);
grant select, insert on ringfort.idempotency_keys to ringfort_runtime;
grant select, delete on ringfort.idempotency_keys to ringfort_reconciler;

-- The functions below run as the owner, who is bound by row-level security as well. These policies name what they need.
create policy authenticate on ringfort.tokens for select to ringfort_owner using (true);
create policy authenticate on ringfort.actors for select to ringfort_owner using (true);
create policy authenticate on ringfort.grants for select to ringfort_owner using (true);
create policy authenticate on ringfort.platform_grants for select to ringfort_owner using (true);
create policy authenticate on ringfort.workspaces for select to ringfort_owner using (true);
create policy authenticate on ringfort.token_uses to ringfort_owner using (true) with check (true);

-- Even the owner cannot change the past.
create function ringfort.refuse_changed_past() returns trigger
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$
    begin
      if tg_op = 'UPDATE' and old.transaction_id = pg_current_xact_id() and old.at = now() then
        return new;
      end if;
      raise exception 'the audit log cannot be changed' using errcode = 'insufficient_privilege';
    end
  $$;
create trigger append_only before update or delete on ringfort.audit_events
  for each row execute function ringfort.refuse_changed_past();
create trigger never_truncated before truncate on ringfort.audit_events
  for each statement execute function ringfort.refuse_changed_past();

-- Who a token belongs to and what it may do where, as JSON; null when it is unknown, expired or revoked.
create function ringfort.authenticate(token_sha256 bytea) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    declare
      token record;
    begin
      select t.id, t.workspace_id, t.expires_at, a.id as actor_id, a.name as actor_name into token
      from ringfort.tokens t join ringfort.actors a on a.workspace_id = t.workspace_id and a.id = t.actor_id
      where t.sha256 = token_sha256 and t.revoked_at is null and (t.expires_at is null or t.expires_at > now());
      if not found then
        return null;
      end if;
      insert into ringfort.token_uses as uses (workspace_id, token_id, last_used_at)
      values (token.workspace_id, token.id, now())
      on conflict (workspace_id, token_id) do update set last_used_at = excluded.last_used_at
      where uses.last_used_at < now() - interval '1 minute';
      return jsonb_build_object(
        'tokenId', token.id, 'actorId', token.actor_id, 'name', token.actor_name,
        'homeWorkspaceId', token.workspace_id,
        'platformPermissions', coalesce(
          (select to_jsonb(p.permissions) from ringfort.platform_grants p where p.actor_id = token.actor_id), '[]'),
        'grants', coalesce(
          (select jsonb_agg(jsonb_build_object('workspaceId', g.workspace_id, 'slug', w.slug,
            'createdAt', to_char(w.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'permissions', g.permissions) order by w.slug)
           from ringfort.grants g join ringfort.workspaces w on w.workspace_id = g.workspace_id
           where g.actor_id = token.actor_id), '[]'));
    end
  $$;

-- Records that an actor was allowed to do something in the current workspace. What the same transaction then writes there
-- is audited. The name comes from the table of actors; without an actor only the owner's own sessions may record.
create function ringfort.record_audit_event(event_id uuid, actor uuid, what text, request uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    declare
      workspace uuid := ringfort.current_workspace();
      known_name text;
    begin
      if workspace is null then
        raise exception 'no workspace is set' using errcode = 'insufficient_privilege';
      end if;
      if actor is not null then
        select name into known_name from ringfort.actors where id = actor;
      elsif pg_has_role(session_user, 'ringfort_owner', 'member') then
        known_name := 'set-up';
      end if;
      if known_name is null then
        raise exception 'there is no such actor' using errcode = 'insufficient_privilege';
      end if;
      insert into ringfort.audit_events (workspace_id, id, actor_id, actor_name, action, outcome, subject, request_id)
      values (workspace, event_id, actor, known_name, what, 'allowed', '', request);
    end
  $$;

-- Says what the event changed, once that is known. Only in the event's own transaction.
create function ringfort.complete_audit_event(event_id uuid, changed text, was jsonb, became jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    begin
      update ringfort.audit_events set subject = changed, before = was, after = became
      where workspace_id = ringfort.current_workspace() and id = event_id;
      if not found then
        raise exception 'there is no such audit event' using errcode = 'insufficient_privilege';
      end if;
    end
  $$;

-- Records that an actor was refused, in the current workspace; beyond `listed_max` in an hour they are only counted.
create function ringfort.record_denial(event_id uuid, actor uuid, what text, tried text, request uuid, listed_max integer)
  returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    declare
      workspace uuid := ringfort.current_workspace();
      known_name text;
      listed bigint;
    begin
      select name into known_name from ringfort.actors where id = actor;
      if workspace is null or known_name is null then
        raise exception 'no workspace is set, or there is no such actor' using errcode = 'insufficient_privilege';
      end if;
      select count(*) into listed from ringfort.audit_events
      where workspace_id = workspace and actor_id = actor and outcome = 'denied' and at >= date_trunc('hour', now());
      if listed < listed_max then
        insert into ringfort.audit_events (workspace_id, id, actor_id, actor_name, action, outcome, subject, request_id)
        values (workspace, event_id, actor, known_name, what, 'denied', tried, request);
      else
        insert into ringfort.denial_counts as counts (workspace_id, actor_id, hour, attempts)
        values (workspace, actor, date_trunc('hour', now()), 1)
        on conflict (workspace_id, actor_id, hour) do update set attempts = counts.attempts + 1;
      end if;
    end
  $$;

grant execute on function ringfort.authenticate(bytea), ringfort.record_audit_event(uuid, uuid, text, uuid),
  ringfort.complete_audit_event(uuid, text, jsonb, jsonb),
  ringfort.record_denial(uuid, uuid, text, text, uuid, integer) to ringfort_runtime;

-- Reconcilers read one workspace in a transaction; this tells them which there are.
create function ringfort.list_workspace_ids() returns setof uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp
  as $$ select workspace_id from ringfort.workspaces order by workspace_id $$;
grant execute on function ringfort.list_workspace_ids() to ringfort_reconciler;
