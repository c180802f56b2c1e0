-- In the throw-away database alone: takes the write trigger of every table down, or puts it up again, for the break test of the audit
-- log. Runs as ringfort_owner; may be repeated.

create schema if not exists ringfort_throwaway;
revoke all on schema ringfort_throwaway from public;
grant usage on schema ringfort_throwaway to ringfort_runtime;

create or replace function ringfort_throwaway.set_audit_wall(up boolean) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $$
    declare name text;
    begin
      for name in
        select c.relname from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'ringfort' and t.tgname = 'audited'
      loop
        execute format('alter table ringfort.%I %s trigger audited', name, case when up then 'enable' else 'disable' end);
      end loop;
    end
  $$;
revoke all on function ringfort_throwaway.set_audit_wall(boolean) from public;
grant execute on function ringfort_throwaway.set_audit_wall(boolean) to ringfort_runtime;
select ringfort_throwaway.set_audit_wall(true);
