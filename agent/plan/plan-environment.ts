import type { EnvironmentPlan } from '@ringfort/drivers/driver.ts';

import { planComponent } from './plan-component.ts';
import type { PlanInput } from './plan-input.ts';
import { planService } from './plan-service.ts';

/** The driver's plan of an environment: every workload with its rules. The same input gives the same plan. */
export function planEnvironment(input: PlanInput): EnvironmentPlan {
  const services = input.spec.services.map((service) => planService(service, input));
  const components = input.spec.releases.flatMap(({ releaseId, components: all }) =>
    all.flatMap((component) =>
      Array.from({ length: component.replicas }, (_, replica) =>
        planComponent(component, { releaseId, replica }, input),
      ),
    ),
  );
  return { place: input.place, workloads: [...services, ...components], held: [] };
}
